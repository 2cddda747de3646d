// fasthttp.go - the topic and the streams of the floor server, the way a
// program on Go's fasthttp is written: a goroutine and a channel for each
// subscriber, a flush for each event.
//
//	fasthttp    prints its URL
//
// SPDX-License-Identifier: MIT
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"

	"github.com/valyala/fasthttp"
)

// A reader so far behind blocks the publisher.
const queue = 1024

type topic struct {
	lock        sync.Mutex
	subscribers map[chan []byte]struct{}
}

func (t *topic) publish(ctx *fasthttp.RequestCtx) {
	event := append([]byte("data: "), ctx.PostBody()...)
	event = append(event, "\n\n"...)
	t.lock.Lock()
	for subscriber := range t.subscribers {
		subscriber <- event
	}
	t.lock.Unlock()
}

func (t *topic) subscribe(ctx *fasthttp.RequestCtx) {
	events := make(chan []byte, queue)
	t.lock.Lock()
	t.subscribers[events] = struct{}{}
	t.lock.Unlock()
	ctx.SetBodyStreamWriter(func(w *bufio.Writer) {
		w.WriteString(":\n\n")
		for w.Flush() == nil {
			w.Write(<-events)
		}
		t.leave(events)
	})
}

// Whoever publishes may be waiting for this subscriber.
func (t *topic) leave(events chan []byte) {
	gone := make(chan struct{})
	go func() {
		for {
			select {
			case <-events:
			case <-gone:
				return
			}
		}
	}()
	t.lock.Lock()
	delete(t.subscribers, events)
	t.lock.Unlock()
	close(gone)
}

// Gives the others their turn after each event, so that streams interleave.
func stream(ctx *fasthttp.RequestCtx) {
	events, _ := strconv.Atoi(string(ctx.QueryArgs().Peek("events")))
	size, _ := strconv.Atoi(string(ctx.QueryArgs().Peek("size")))
	if size < 11 {
		ctx.SetStatusCode(400)
		return
	}
	rest := bytes.Repeat([]byte("x"), size-11)
	ctx.SetBodyStreamWriter(func(w *bufio.Writer) {
		for i := 0; i < events; i++ {
			fmt.Fprintf(w, "data: %010d %s\n\n", i, rest)
			if w.Flush() != nil {
				return
			}
			runtime.Gosched()
		}
	})
}

func main() {
	runtime.GOMAXPROCS(1)
	t := &topic{subscribers: map[chan []byte]struct{}{}}
	server := &fasthttp.Server{
		NoDefaultServerHeader: true,
		Concurrency:           100000,
		Handler: func(ctx *fasthttp.RequestCtx) {
			if ctx.IsPost() {
				t.publish(ctx)
				return
			}
			ctx.SetContentType("text/event-stream")
			ctx.Response.Header.Set("Cache-Control", "no-store, no-transform")
			ctx.Response.Header.Set("X-Accel-Buffering", "no")
			if string(ctx.Path()) == "/stream" {
				stream(ctx)
				return
			}
			t.subscribe(ctx)
		},
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("http://%s/\n", listener.Addr())
	fmt.Fprintln(os.Stderr, server.Serve(listener))
	os.Exit(1)
}
