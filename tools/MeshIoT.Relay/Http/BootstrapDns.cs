using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Relay;

/// <summary>
/// The addresses of a few fixed names, for clients whose own DNS does not work: their coordinator and this relay. Nothing is looked up for
/// others: a relay is no resolver for the world.
/// </summary>
public sealed class BootstrapDns
{
    static readonly TimeSpan Between = TimeSpan.FromMinutes(30);

    const string NameParameter = "q=";

    readonly ConcurrentDictionary<string, IPAddress[]> names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Says where a name is.</summary>
    public void Set(string name, params IPAddress[] addresses) => names[name] = addresses;

    /// <summary>Looks the names among <paramref name="hosts"/> up now and every half hour, until <paramref name="stopping"/>; what was known stays while nothing is found.</summary>
    public async Task KeepAsync(IEnumerable<string?> hosts, TimeProvider time, CancellationToken stopping)
    {
        string[] wanted = [.. hosts.OfType<string>().Where(h => Uri.CheckHostName(h) == UriHostNameType.Dns).Distinct(StringComparer.OrdinalIgnoreCase)];
        while (wanted.Length > 0 && !stopping.IsCancellationRequested)
        {
            foreach (string host in wanted)
            {
                try
                {
                    Set(host, await Dns.GetHostAddressesAsync(host, stopping).ConfigureAwait(false));
                }
                catch (Exception e) when (e is SocketException or OperationCanceledException)
                {
                    // Later, then.
                }
            }

            await Task.Delay(Between, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

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
