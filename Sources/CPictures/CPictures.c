// There are only types; this file gives the target an object to build.
#include "CPictures.h"
