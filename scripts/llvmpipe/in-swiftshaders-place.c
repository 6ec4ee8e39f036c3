/*
 * A libvk_swiftshader.so that is Mesa's llvmpipe. Chromium's WebGPU takes a software adapter only where vendor and
 * device are SwiftShader's, and asks for nothing else of it: so the driver's own answers pass through but for those two.
 * LLVMPIPE_LIB names libvulkan_lvp.so. Vulkan's types are reduced to what is read or written here.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef void (*Function)(void);
typedef Function (*GetProcAddr)(void *instance, const char *name);

/* The beginnings of VkPhysicalDeviceProperties and VkPhysicalDeviceProperties2. */
struct Properties { uint32_t apiVersion, driverVersion, vendorID, deviceID; };
struct Properties2 { uint32_t type; void *next; struct Properties properties; };

static void (*getProperties)(void *device, struct Properties *properties);
static void (*getProperties2)(void *device, struct Properties2 *properties);

static void mark(struct Properties *properties) {
  properties->vendorID = 0x1AE0;
  properties->deviceID = 0xC0DE;
}

static void markedProperties(void *device, struct Properties *properties) {
  getProperties(device, properties);
  mark(properties);
}

static void markedProperties2(void *device, struct Properties2 *properties) {
  getProperties2(device, properties);
  mark(&properties->properties);
}

static GetProcAddr driver(void) {
  static GetProcAddr found;
  const char *path = getenv("LLVMPIPE_LIB");
  if (!found && path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library) found = (GetProcAddr)dlsym(library, "vk_icdGetInstanceProcAddr");
  }
  return found;
}

Function vkGetInstanceProcAddr(void *instance, const char *name) {
  GetProcAddr get = driver();
  if (!get) return NULL;
  if (!strcmp(name, "vkGetInstanceProcAddr")) return (Function)vkGetInstanceProcAddr;
  Function function = get(instance, name);
  if (function && !strcmp(name, "vkGetPhysicalDeviceProperties")) {
    getProperties = (void (*)(void *, struct Properties *))function;
    return (Function)markedProperties;
  }
  if (function && !strncmp(name, "vkGetPhysicalDeviceProperties2", 30)) {
    getProperties2 = (void (*)(void *, struct Properties2 *))function;
    return (Function)markedProperties2;
  }
  return function;
}
