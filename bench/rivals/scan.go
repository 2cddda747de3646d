// scan.go - a loop around bufio.Scanner over one corpus, as many clients in Go
// have it: no CR, no id, no joining of lines.
//
//	scan CORPUS FILE CHUNK
//
// Prints `read`, the corpus, the name and the nanoseconds of one pass.
//
// SPDX-License-Identifier: MIT
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"sort"
	"strconv"
	"syscall"
	"time"
)

// Hands over at most so many bytes at a time, as a connection would.
type chunks struct {
	left []byte
	size int
}

func (c *chunks) Read(to []byte) (int, error) {
	if len(to) > c.size {
		to = to[:c.size]
	}
	n := copy(to, c.left)
	c.left = c.left[n:]
	if n == 0 {
		return 0, fmt.Errorf("EOF")
	}
	return n, nil
}

var data = []byte("data: ")
var event = []byte("event: ")

// Scanner's own limit of 64 KiB a line would end the stream; room is given.
func pass(text []byte, size int, buffer []byte) int {
	scanner := bufio.NewScanner(&chunks{text, size})
	scanner.Buffer(buffer, cap(buffer))
	sum := 0
	for scanner.Scan() {
		line := scanner.Bytes()
		if bytes.HasPrefix(line, data) {
			sum += len(line) - len(data)
		} else if bytes.HasPrefix(line, event) {
			sum += len(line) - len(event)
		}
	}
	return sum
}

// Time of the processor.
func used() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func main() {
	corpus := os.Args[1]
	text, err := os.ReadFile(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	size, _ := strconv.Atoi(os.Args[3])
	buffer := make([]byte, 1<<20)
	sum := 0
	count := 0
	for begin := used(); used()-begin < 100*time.Millisecond; count++ {
		sum += pass(text, size, buffer)
	}
	count = count/20 + 1
	var samples []float64
	for i := 0; i < 21; i++ {
		begin := used()
		for k := 0; k < count; k++ {
			sum += pass(text, size, buffer)
		}
		samples = append(samples,
			float64((used()-begin).Nanoseconds())/float64(count))
	}
	sort.Float64s(samples)
	if sum < 0 {
		os.Exit(1)
	}
	fmt.Printf("read %s bufio.Scanner %.0f\n", corpus, samples[10])
}
