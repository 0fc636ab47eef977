using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace MeshIoT.Interop.Nat;

/// <summary>Finds out what kind of NAT a site is behind (RFC 4787 section 4 and 5, by the tests of RFC 5780 section 4).</summary>
sealed class NatJudge(Reflector v4, Reflector v6)
{
    const string Independent = "endpoint-independent", ByAddress = "address-dependent", ByPort = "address-and-port-dependent", Blocked = "blocked";

    /// <summary>All of it; a few seconds at most.</summary>
    public async Task<NatKind> JudgeAsync(Site site)
    {
        Reflector reflector = ReflectorFor(site);
        using ProbeSocket socket = new(site);
        IPEndPoint? first = await socket.AskAsync(reflector[Reflector.First], Reflector.First);
        if (first is null)
        {
            return new NatKind(site.Name, Blocked, Blocked, false, false, null, await TcpRoundTripAsync(site, reflector));
        }

        IPEndPoint? otherPort = await socket.AskAsync(reflector[Reflector.OtherPort], Reflector.OtherPort);
        IPEndPoint? otherAddress = await socket.AskAsync(reflector[Reflector.OtherAddress], Reflector.OtherAddress);
        TimeSpan? rtt = await socket.RoundTripAsync(reflector[Reflector.First]);
        string mapping = !first.Equals(otherPort) ? ByPort : first.Equals(otherAddress) ? Independent : ByAddress;
        bool own = OwnAddress(site, first.Address);
        return new NatKind(
            site.Name,
            own && mapping == Independent ? "none" : mapping,
            await FilteringAsync(site, reflector),
            await UnsolicitedAsync(site, reflector),
            first.Port == socket.Port,
            first.Address.ToString(),
            Math.Round(rtt?.TotalMilliseconds ?? 0, 1));
    }

    /// <summary>Whether two sites, told each other's address as seen from outside, hear each other within the time.</summary>
    public async Task<bool> PunchesAsync(Site a, Site b, TimeSpan time)
    {
        if ((a.Public4 is null) != (b.Public4 is null) && (a.Public6 is null || b.Public6 is null))
        {
            return false;
        }

        // A site with both families meets one that has IPv6 alone over IPv6.
        bool six = a.Public4 is null || b.Public4 is null;
        Reflector reflector = six ? v6 : v4;
        using ProbeSocket one = new(six ? a with { Public4 = null } : a), two = new(six ? b with { Public4 = null } : b);
        IPEndPoint? seenOne = await one.AskAsync(reflector[Reflector.First], Reflector.First);
        IPEndPoint? seenTwo = await two.AskAsync(reflector[Reflector.First], Reflector.First);
        if (seenOne is null || seenTwo is null)
        {
            return false;
        }

        Task enough = Task.Delay(time);
        bool[] heard = await Task.WhenAll(one.PunchAsync(seenTwo, enough), two.PunchAsync(seenOne, enough));
        return heard[0] && heard[1];
    }

    Reflector ReflectorFor(Site site) => site.Public4 is null ? v6 : v4;

    static bool OwnAddress(Site site, IPAddress seen) => InNamespace.Run(site.Namespace, () =>
    {
        using Socket socket = new(seen.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(seen, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    });

    // A fresh socket that spoke to the first address and port alone.
    static async Task<string> FilteringAsync(Site site, Reflector reflector)
    {
        using ProbeSocket socket = new(site);
        EndPoint only = reflector[Reflector.First];
        _ = await socket.AskAsync(only, Reflector.First);
        return await socket.AskAsync(only, Reflector.OtherAddress) is not null ? Independent
            : await socket.AskAsync(only, Reflector.OtherPort) is not null ? ByAddress
            : ByPort;
    }

    // The reflector cannot be made to send to strangers; a second socket of the lab's own does it.
    static async Task<bool> UnsolicitedAsync(Site site, Reflector reflector)
    {
        IPAddress? at = site.Public4 ?? site.Public6;
        if (at is null)
        {
            return false;
        }

        using Socket silent = InNamespace.Run(site.Namespace, () =>
        {
            Socket made = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            made.Bind(new IPEndPoint(at.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
            return made;
        });
        byte[] buffer = new byte[16];
        using System.Threading.CancellationTokenSource late = new(TimeSpan.FromMilliseconds(400));
        await reflector.KnockAsync(new IPEndPoint(at, ((IPEndPoint)silent.LocalEndPoint!).Port));
        try
        {
            return await silent.ReceiveAsync(buffer, late.Token) > 0;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Nobody listens there: the refusal takes one round trip as well.
    static async Task<double> TcpRoundTripAsync(Site site, Reflector reflector)
    {
        IPEndPoint to = (IPEndPoint)reflector[Reflector.First];
        double best = double.MaxValue;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            using Socket socket = InNamespace.Run(site.Namespace, () => new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
            long began = Stopwatch.GetTimestamp();
            try
            {
                await socket.ConnectAsync(to);
            }
            catch (SocketException)
            {
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return Math.Round(best, 1);
    }
}
