/*
 * Runs an exported network on a Cortex-M4 of QEMU (mps2-an386), which reads images.bin and writes
 * logits.bin on the host by semihosting: for each image its logits, and 1 if it is accepted, else 0.
 */
#include <stddef.h>
#include <stdint.h>

void emnist_logits(const uint8_t *pixels, float *logits);
int emnist_accepts(const uint8_t *pixels);
void reset(void);
extern uint32_t stack_top;

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
  &stack_top, (const void *)reset
};

/* Arm, "Semihosting for AArch32 and AArch64". */
enum { OPEN = 0x01, CLOSE = 0x02, WRITE = 0x05, READ = 0x06, EXIT = 0x18 };
enum { TO_READ = 1, TO_WRITE = 5, APPLICATION_EXIT = 0x20026 };

static intptr_t ask(intptr_t operation, const void *block)
{
  register intptr_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = block;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static intptr_t open_file(const char *name, size_t length, intptr_t mode)
{
  const intptr_t block[] = {(intptr_t)name, mode, (intptr_t)length};
  return ask(OPEN, block);
}

/* How many bytes are left to do. */
static intptr_t transfer(intptr_t operation, intptr_t file, const void *bytes, size_t count)
{
  const intptr_t block[] = {file, (intptr_t)bytes, (intptr_t)count};
  return ask(operation, block);
}

static uint8_t pixels[PIXELS];
static float row[CLASSES + 1];

void reset(void)
{
  /* The floating-point unit is off at first. */
  *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20;
  __asm__ volatile("dsb\nisb");
  const intptr_t images = open_file("images.bin", 10, TO_READ);
  const intptr_t logits = open_file("logits.bin", 10, TO_WRITE);
  while (transfer(READ, images, pixels, sizeof pixels) == 0) {
    emnist_logits(pixels, row);
    row[CLASSES] = (float)emnist_accepts(pixels);
    transfer(WRITE, logits, row, sizeof row);
  }
  ask(CLOSE, &logits);
  ask(EXIT, (const void *)APPLICATION_EXIT);
  for (;;) {
  }
}
