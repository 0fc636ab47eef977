using System;
using System.IO;
using System.Text;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>Asks an HTTP proxy for a connection to a relay. RFC 9110 section 9.3.6.</summary>
internal static class ProxyTunnel
{
    /// <summary>At the stream's other end is the relay after this; a fault when the proxy refuses.</summary>
    public static void Open(Stream stream, RelayProxy proxy, RelayNode node, string relay)
    {
        string login = proxy.Credentials is { } secret ? $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))}\r\n" : "";
        stream.Write(Encoding.ASCII.GetBytes($"CONNECT {node.Authority} HTTP/1.1\r\nHost: {node.Authority}\r\n{login}\r\n"));
        (HttpHead? head, int filled) = HttpHead.Read(stream, new byte[HttpHead.MaxLength]);
        if (head is not { Status: >= 200 and < 300 })
        {
            throw Faults.RelayProxyRefused.With(relay, proxy, head is null ? "it does not answer in HTTP" : $"it answers {head.Status}").ToException();
        }

        // TLS begins with our word: bytes behind the answer can only be somebody else's.
        if (filled != head.Length)
        {
            throw Faults.RelayProxyRefused.With(relay, proxy, "it talks before it is asked").ToException();
        }
    }
}
