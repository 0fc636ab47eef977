using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>The entry of a relay in a DERP map. control-plane.md section 5.5.</summary>
/// <param name="Host">Name or address that nodes dial.</param>
/// <param name="Code">Short name.</param>
/// <param name="Port">TCP port.</param>
/// <param name="StunPort">UDP port; null: no STUN.</param>
/// <param name="CertName">How its certificate is checked, when not by the host's name.</param>
/// <param name="HasPort80">It answers plain HTTP on port 80.</param>
internal sealed record RelayRegion(string Host, string Code, int Port, int? StunPort, string? CertName, bool HasPort80)
{
    const int LastPrivateRegion = 999, NoStun = -1;

    /// <summary>The region under a number.</summary>
    public DerpRegion ToRegion(int id)
    {
        bool isAddress = IPAddress.TryParse(Host, out IPAddress? address), isV6 = address?.AddressFamily == AddressFamily.InterNetworkV6;
        DerpNode node = new()
        {
            Name = id.ToString(CultureInfo.InvariantCulture) + "a",
            RegionID = id,
            HostName = Host,
            CertName = CertName,
            IPv4 = !isAddress ? null : isV6 ? "none" : Host,
            IPv6 = !isAddress ? null : isV6 ? Host : "none",
            DERPPort = Port,
            STUNPort = StunPort ?? NoStun,
            CanPort80 = HasPort80,
        };
        return new DerpRegion { RegionID = id, RegionCode = Code, RegionName = Code, Nodes = [node] };
    }

    /// <summary>A map with this region in it besides others; <paramref name="id"/> null takes the first free number.</summary>
    public (DerpMap Map, int Id) AddTo(DerpMap? others, int? id)
    {
        IReadOnlyDictionary<int, DerpRegion?> known = others?.Regions ?? new Dictionary<int, DerpRegion?>();
        int number = id ?? Enumerable.Range(OwnRelayOptions.StandardRegion, LastPrivateRegion - OwnRelayOptions.StandardRegion + 1).First(n => n == LastPrivateRegion || !known.ContainsKey(n));
        Dictionary<int, DerpRegion?> all = new(known) { [number] = ToRegion(number) };
        return ((others ?? new DerpMap()) with { Regions = all }, number);
    }

    /// <summary>A short name from a host: its first label, or this machine's name for an address.</summary>
    public static string CodeOf(string host)
    {
        string name = IPAddress.TryParse(host, out _) ? Environment.MachineName : host;
        string label = new([.. name.Split('.')[0].ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c == '-').Take(32)]);
        return label.Length > 0 ? label : "own";
    }
}
