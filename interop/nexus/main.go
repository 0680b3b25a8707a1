// A nexus router for interop tests: the stock daemon's JSON knows neither logins nor authorizers.
// Knows three realms: realm1 (anonymous), restricted (nothing under "forbidden."), login (ticket and wampcra).
// Source: github.com/gammazero/nexus/v3, packages router and router/auth.
package main

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"flag"
	"log"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/gammazero/nexus/v3/router"
	"github.com/gammazero/nexus/v3/router/auth"
	"github.com/gammazero/nexus/v3/wamp"
)

type user struct {
	method, secret, salt string
	keylen, iterations   int
}

type users map[string]user

func (all users) AuthKey(authid, method string) ([]byte, error) {
	u, known := all[authid]
	if !known || u.method != method {
		return nil, errors.New("no such user")
	}
	if u.salt == "" {
		return []byte(u.secret), nil
	}
	key, err := pbkdf2.Key(sha256.New, u.secret, []byte(u.salt), u.iterations, u.keylen)
	// The key of the signature is the base64 text of what was derived, not its bytes.
	return []byte(base64.StdEncoding.EncodeToString(key)), err
}

func (all users) PasswordInfo(authid string) (string, int, int) {
	u := all[authid]
	return u.salt, u.keylen, u.iterations
}

func (all users) AuthRole(string) (string, error) { return "user", nil }
func (all users) Provider() string                { return "static" }

type restricted struct{}

func (restricted) Authorize(_ *wamp.Session, message wamp.Message) (bool, error) {
	var uri wamp.URI
	switch message := message.(type) {
	case *wamp.Subscribe:
		uri = message.Topic
	case *wamp.Publish:
		uri = message.Topic
	case *wamp.Register:
		uri = message.Procedure
	case *wamp.Call:
		uri = message.Procedure
	}
	return !strings.HasPrefix(string(uri), "forbidden."), nil
}

func loopback(address string) string {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		log.Fatalf("not a loopback address: %q", address)
	}
	return address
}

func main() {
	ws := flag.String("ws", "127.0.0.1:8080", "address of the plain WebSocket")
	wss := flag.String("wss", "", "address of the WebSocket over TLS; needs -cert and -key")
	cert := flag.String("cert", "", "file of the certificate")
	key := flag.String("key", "", "file of its key")
	queue := flag.Int("queue", 64, "messages that may wait for one client; nexus drops what comes on top")
	keepAlive := flag.Duration("keepalive", 0, "interval of pings; 0 for none")
	flag.Parse()

	known := users{
		"tina":  {method: "ticket", secret: "tina-ticket"},
		"cora":  {method: "wampcra", secret: "cora-secret"},
		"sally": {method: "wampcra", secret: "sally-secret", salt: "salt123", keylen: 32, iterations: 1000},
	}
	r, err := router.NewRouter(&router.Config{RealmConfigs: []*router.RealmConfig{
		{URI: "realm1", AnonymousAuth: true, AllowDisclose: true},
		{URI: "restricted", AnonymousAuth: true, Authorizer: restricted{}},
		{URI: "login", Authenticators: []auth.Authenticator{
			auth.NewTicketAuthenticator(known, 5*time.Second),
			auth.NewCRAuthenticator(known, 5*time.Second),
		}},
	}}, log.Default())
	if err != nil {
		log.Fatal(err)
	}
	server := router.NewWebsocketServer(r)
	server.OutQueueSize = *queue
	server.KeepAlive = *keepAlive
	if _, err = server.ListenAndServe(loopback(*ws)); err != nil {
		log.Fatal(err)
	}
	if *wss != "" {
		if _, err = server.ListenAndServeTLS(loopback(*wss), nil, *cert, *key); err != nil {
			log.Fatal(err)
		}
	}
	log.Print("READY")
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt, syscall.SIGTERM)
	<-ended
	r.Close()
}
