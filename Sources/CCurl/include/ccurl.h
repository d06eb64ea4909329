#ifndef HUSTINGS_CCURL_H
#define HUSTINGS_CCURL_H
#include <curl/curl.h>
#endif
