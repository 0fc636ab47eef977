using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using MeshIoT.Health;

namespace MeshIoT.Mqtt.Publishing;

/// <summary>What is wrong, on the wire: <c>{"problem":true,"faults":[{"code":…,"severity":…,"message":…,"next":…}]}</c>.</summary>
internal static class HealthJson
{
    const int MostFaults = 32;

    static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The payload; a problem is a fault that is at least of medium severity.</summary>
    public static byte[] Write(IReadOnlyList<FaultReport> faults)
    {
        ArrayBufferWriter<byte> into = new(128);
        using (Utf8JsonWriter json = new(into, Plain))
        {
            bool isProblem = false;
            foreach (FaultReport fault in faults)
            {
                isProblem |= fault.Fault.Severity >= Severity.Medium;
            }

            json.WriteStartObject();
            json.WriteBoolean("problem", isProblem);
            json.WriteStartArray("faults");
            for (int i = 0; i < faults.Count && i < MostFaults; i++)
            {
                json.WriteStartObject();
                json.WriteString("code", faults[i].Fault.Code);
                json.WriteString("severity", faults[i].Fault.Severity switch { Severity.High => "high", Severity.Medium => "medium", _ => "low" });
                json.WriteString("message", faults[i].Message);
                json.WriteString("next", faults[i].Next);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return into.WrittenSpan.ToArray();
    }
}
