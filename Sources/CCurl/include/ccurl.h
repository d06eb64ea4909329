#ifndef HUSTINGS_CCURL_H
#define HUSTINGS_CCURL_H

// Swift's own module of the C library leaves this one out.
#ifdef __linux__
#include <sys/epoll.h>
#endif

#include <curl/curl.h>

// curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic, which Swift cannot call. Each forward
// below fixes one argument type.

typedef size_t (*ccurl_data_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_data_callback(CURL *easy, CURLoption option, ccurl_data_callback value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode ccurl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// Has curl say which sockets it waits for and when it wants to be called next, instead of waiting by itself.
static inline CURLMcode ccurl_multi_watch(
    CURLM *multi, curl_socket_callback sockets, curl_multi_timer_callback timer, void *context) {
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, sockets);
  return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
}

// The result lives in a union, which Swift imports without a safe accessor.
static inline CURLcode ccurl_message_result(const CURLMsg *message) { return message->data.result; }

// Limits a handle to http and https; file:, ftp: and the rest are refused. The option was renamed in curl 7.85.
CURLcode ccurl_allow_web_only(CURL *easy);

// Sockets of this handle are not inherited by programs the process starts.
CURLcode ccurl_close_on_exec(CURL *easy);

// A pipe whose ends neither block nor are inherited; 0 when it stands.
int ccurl_pipe(int ends[2]);

// Writing to a TLS connection the peer has closed raises SIGPIPE, which would end the process.
void ccurl_block_broken_pipe_signal(void);

#endif
