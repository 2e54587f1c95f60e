/*
 * Runs an exported network on an ATmega328 of simavr: the images are in program memory beside the
 * weights, one at a time is in RAM, and the bits of its logits and whether it is accepted go out of the
 * serial port.
 */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <avr/sleep.h>
#include <stdint.h>
#include <string.h>

#include "images.h"

void emnist_logits(const uint8_t *pixels, float *logits);
int emnist_accepts(const uint8_t *pixels);

static uint8_t pixels[PIXELS];
static float logits[CLASSES];

static void put(char letter)
{
  while (!(UCSR0A & (1 << UDRE0))) {
  }
  UDR0 = (uint8_t)letter;
}

static void put_bits(float value)
{
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  put('=');
  for (int8_t shift = 28; shift >= 0; shift = (int8_t)(shift - 4)) {
    const uint8_t digit = (uint8_t)(bits >> shift) & 15;
    put((char)(digit < 10 ? '0' + digit : 'a' + digit - 10));
  }
  put('\n');
}

int main(void)
{
  UCSR0B = 1 << TXEN0;
  for (uint8_t number = 0; number < COUNT; number++) {
    memcpy_P(pixels, images[number], PIXELS);
    emnist_logits(pixels, logits);
    for (uint8_t place = 0; place < CLASSES; place++) put_bits(logits[place]);
    put('!');
    put(emnist_accepts(pixels) ? '1' : '0');
    put('\n');
  }
  /* With interrupts off nothing wakes it, and the simulator ends. */
  cli();
  sleep_enable();
  sleep_cpu();
  return 0;
}
