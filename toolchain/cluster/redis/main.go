// Command redis serves the Redis protocol from memory on the loopback interface, for Argo CD's
// caches. Nothing is kept on disk: a cache may start empty.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// miniredis expires keys only when its clock is moved by hand.
const tick = time.Second

func main() {
	port := flag.Int("port", 6379, "TCP port on 127.0.0.1")
	flag.Parse()

	server := miniredis.NewMiniRedis()
	if password := os.Getenv("REDIS_PASSWORD"); password != "" {
		server.RequireAuth(password)
	}
	if err := server.StartAddr(net.JoinHostPort("127.0.0.1", strconv.Itoa(*port))); err != nil {
		fmt.Fprintln(os.Stderr, "redis:", err)
		os.Exit(1)
	}
	defer server.Close()
	fmt.Println("redis: listening on", server.Addr())

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		select {
		case <-stop:
			return
		case <-clock.C:
			server.FastForward(tick)
		}
	}
}
