using System;
using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MeshIoT.Web.Live;

/// <summary>Messages of an event stream (HTML standard, section 9.2): <c>event:</c>, one line of <c>data:</c>, an empty line.</summary>
internal static class ServerSentEvent
{
    /// <summary>A comment: it means nothing, and keeps what lies between awake.</summary>
    public static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();

    /// <summary>How long a browser waits before it comes again, milliseconds.</summary>
    public static readonly byte[] Retry = "retry: 3000\n\n"u8.ToArray();

    /// <summary>An event with <paramref name="value"/> as JSON, which has no line breaks.</summary>
    public static byte[] Of<T>(string name, T value, JsonTypeInfo<T> type)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        buffer.Write("event: "u8);
        buffer.Write(System.Text.Encoding.ASCII.GetBytes(name));
        buffer.Write("\ndata: "u8);
        using (Utf8JsonWriter writer = new(buffer))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        buffer.Write("\n\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
