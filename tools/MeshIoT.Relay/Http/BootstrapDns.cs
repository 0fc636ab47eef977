using System;
using System.Buffers;
using System.Collections.Generic;
using System.Net;
using System.Text;
using System.Text.Json;

namespace MeshIoT.Relay;

/// <summary>
/// The addresses of a few fixed names, for clients whose own DNS does not work: their coordinator and this relay. Nothing is looked up for
/// others: a relay is no resolver for the world.
/// </summary>
/// <param name="names">Name → addresses.</param>
public sealed class BootstrapDns(IReadOnlyDictionary<string, IPAddress[]> names)
{
    const string NameParameter = "q=";

    /// <summary>The JSON object for a query string: the name asked for if it is known, or all names when none is asked for.</summary>
    public string Answer(string query)
    {
        string? wanted = null;
        foreach (string part in query.Split('&'))
        {
            wanted = part.StartsWith(NameParameter, StringComparison.Ordinal) ? Uri.UnescapeDataString(part[NameParameter.Length..]) : wanted;
        }

        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter json = new(output))
        {
            json.WriteStartObject();
            foreach ((string name, IPAddress[] addresses) in names)
            {
                if (wanted is null || string.Equals(wanted, name, StringComparison.OrdinalIgnoreCase))
                {
                    json.WriteStartArray(name);
                    foreach (IPAddress address in addresses)
                    {
                        json.WriteStringValue(address.ToString());
                    }

                    json.WriteEndArray();
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
