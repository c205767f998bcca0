// Sends the form as mime/multipart writes it.
package main

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
)

func must[Value any](value Value, err error) Value {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	url, path := os.Args[1], os.Args[2]
	body := &bytes.Buffer{}
	writer := multipart.NewWriter(body)
	if err := writer.WriteField("note", "grün & \"blau\"\n%41"); err != nil {
		panic(err)
	}
	part := must(writer.CreateFormFile("file", "naïve \"a\".bin"))
	must(part.Write(must(os.ReadFile(path))))
	if err := writer.Close(); err != nil {
		panic(err)
	}
	answer := must(http.Post(url, writer.FormDataContentType(), body))
	fmt.Println(answer.StatusCode, string(must(io.ReadAll(answer.Body))))
}
