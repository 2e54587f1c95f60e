// The functions are inline; this file gives the target an object to build.
#include "CDotProducts.h"
