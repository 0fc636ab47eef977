using System;
using System.Text;

namespace MeshIoT.Control;

/// <summary>
/// A request the coordinator sends to a node, as HTTP/1 text inside a ping: <c>/echo</c> returns the body, which shows that the node lives;
/// everything else is refused. control-plane.md section 5.8.
/// </summary>
internal static class C2nRequest
{
    const string EchoPath = "/echo";

    /// <summary>The serialized response to whatever came.</summary>
    public static byte[] Answer(ReadOnlySpan<byte> request)
    {
        int headEnd = request.IndexOf("\r\n\r\n"u8);
        ReadOnlySpan<byte> head = headEnd < 0 ? request : request[..headEnd];
        int lineEnd = head.IndexOf("\r\n"u8);
        string[] words = Encoding.Latin1.GetString(lineEnd < 0 ? head : head[..lineEnd]).Split(' ');
        bool isRequest = headEnd >= 0 && words.Length == 3 && words[2].StartsWith("HTTP/1.", StringComparison.Ordinal);
        return !isRequest ? Format("400 Bad Request", "not a request"u8)
            : words[1] == EchoPath ? Format("200 OK", request[(headEnd + 4)..])
            : Format("400 Bad Request", "unknown c2n path"u8);
    }

    static byte[] Format(string status, ReadOnlySpan<byte> body) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
}
