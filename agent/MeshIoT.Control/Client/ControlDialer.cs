using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Derp;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>Opens ts2021 connections: TCP, perhaps TLS, the HTTP upgrade, the Noise handshake. control-plane.md sections 3.1 to 3.3.</summary>
internal sealed class ControlDialer(ControlOptions options, ConnectFaults faults)
{
    /// <summary>A dial within this time after another forces HTTPS.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    long lastDial = long.MinValue;
    ControlDialPlan? serverPlan;

    /// <summary>Addresses that the coordinator has told; they are tried before its name is looked up.</summary>
    public ControlDialPlan? ServerPlan
    {
        get => Volatile.Read(ref serverPlan);
        set => Volatile.Write(ref serverPlan, value);
    }

    /// <summary>A connection whose other end has proved <paramref name="serverKey"/>.</summary>
    public async Task<NoiseStream> DialAsync(MachinePublicKey serverKey, CancellationToken cancellationToken)
    {
        if (!DialPlan.TryCreate(options.LoginServer, out DialPlan? plan))
        {
            throw faults.Unreachable("the address is not an http or https URL");
        }

        // Every dial counts, failed ones too. A system without TLS has no choice.
        long now = options.Time.GetUtcNow().UtcTicks, last = Interlocked.Exchange(ref lastDial, now);
        plan = last != long.MinValue && now >= last && now - last < Soon.Ticks && TlsLibrary.IsPresent ? plan!.SoonAgain() : plan;
        if (DialCandidate.Read(ServerPlan) is { Count: > 0 } candidates)
        {
            NoiseStream? stream = await CandidateRace.RunAsync(candidates, (address, ct) => RaceAsync(plan!.To(address), serverKey, ct), options.Time, cancellationToken).ConfigureAwait(false);
            if (stream is not null)
            {
                return stream;
            }
        }

        using CancellationTokenSource deadline = new(options.DialTimeout, options.Time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await RaceAsync(plan!, serverKey, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw faults.Unreachable($"no answer within {options.DialTimeout.TotalSeconds:0} s", e);
        }
    }

    Task<NoiseStream> RaceAsync(DialPlan plan, MachinePublicKey serverKey, CancellationToken cancellationToken) =>
        DialRace.RunAsync(plan, (target, ct) => DialOneAsync(target, serverKey, ct), options.Time, cancellationToken);

    async Task<NoiseStream> DialOneAsync(DialTarget target, MachinePublicKey serverKey, CancellationToken cancellationToken)
    {
        Stream? transport = null;
        try
        {
            transport = await ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            NoiseStream stream = await HandshakeAsync(transport, target, serverKey, cancellationToken).ConfigureAwait(false);
            transport = null;
            return stream;
        }
        catch (Exception e) when (e is not (OperationCanceledException or FaultException))
        {
            throw faults.From(e);
        }
        finally
        {
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    async Task<Stream> ConnectAsync(DialTarget target, CancellationToken cancellationToken)
    {
        if (target.IsTls && !TlsLibrary.IsPresent)
        {
            throw Faults.TlsLibraryMissing.With(faults.Server).ToException();
        }

        Stream network = await (target.Address is { } address
            ? ControlSocket.ConnectAsync(address, target.Port, options, cancellationToken)
            : ControlSocket.ConnectAsync(target.Host, target.Port, options, cancellationToken)).ConfigureAwait(false);
        if (!target.IsTls)
        {
            return network;
        }

        // TLS is only the way through here: who the server is, Noise decides. A wrong clock or a proxy's certificate does no harm.
        SslStream tls = new(network, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = target.Host }, cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal async Task<NoiseStream> HandshakeAsync(Stream transport, DialTarget target, MachinePublicKey serverKey, CancellationToken cancellationToken)
    {
        using Ts2021Initiator initiator = Ts2021Initiator.Create(options.Suite, options.Random, options.MachineKey, serverKey, options.CapabilityVersion);
        if (!initiator.HasGoodServerKey)
        {
            throw faults.KeyNotProved(serverKey);
        }

        await transport.WriteAsync(FormatRequest(target, initiator.Initiation), cancellationToken).ConfigureAwait(false);
        await transport.FlushAsync(cancellationToken).ConfigureAwait(false);

        // What lies behind the 101, and behind the Noise answer, is kept.
        byte[] buffer = new byte[HttpHead.MaxLength];
        int filled = 0;
        HttpHead? response;
        while (true)
        {
            if (!HttpHead.TryRead(buffer.AsSpan(0, filled), out response))
            {
                throw faults.NotACoordinator("it does not speak HTTP");
            }

            if (response is not null)
            {
                break;
            }

            int count = await transport.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            filled += count > 0 ? count : throw faults.NotACoordinator("it closed the connection without an answer");
        }

        int at = response.Length;
        if (!IsUpgrade(response))
        {
            filled += await ReadHintAsync(transport, buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            throw Refused(response, Encoding.UTF8.GetString(buffer, at, filled - at), serverKey);
        }

        while (true)
        {
            switch (initiator.TryFinish(buffer.AsSpan(at, filled - at), out NoiseRecords? records, out int consumed))
            {
                case NoiseFault.None:
                    return new NoiseStream(transport, records!, buffer.AsSpan(at + consumed, filled - at - consumed), expectEarlyPayload: true);
                case NoiseFault.NotGenuine:
                    throw faults.KeyNotProved(serverKey);
                case NoiseFault.Refused:
                    throw faults.Protocol("it refused the handshake, saying \"" + initiator.RefusalHint + "\"");
                case not null:
                    throw faults.NotACoordinator("it answers the handshake with something else");
                default:
                    break;
            }

            int count = filled < buffer.Length ? await transport.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false) : 0;

            // A server that cannot open our first message may close, and so may one that finds our version too old.
            filled += count > 0 ? count : throw Faults.CoordinatorClosedHandshake.With(faults.Server).ToException();
        }
    }

    static byte[] FormatRequest(DialTarget target, byte[] initiation)
    {
        string host = IPAddress.TryParse(target.Host, out IPAddress? ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 ? "[" + target.Host + "]" : target.Host;
        return Encoding.ASCII.GetBytes(
            $"POST {Ts2021.Path} HTTP/1.1\r\nHost: {host}:{target.Port}\r\nConnection: upgrade\r\nUpgrade: {Ts2021.UpgradeProtocol}\r\n"
            + $"{Ts2021.HandshakeHeader}: {Convert.ToBase64String(initiation)}\r\nContent-Length: 0\r\n\r\n");
    }

    /// <summary>A little of a refusal's body, if it comes at once.</summary>
    static async Task<int> ReadHintAsync(Stream transport, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return buffer.Length == 0 ? 0 : await transport.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(TimeSpan.FromMilliseconds(500), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            return 0;
        }
    }

    // The one answer that opens a connection. control-plane.md section 3.2.
    static bool IsUpgrade(HttpHead response) =>
        response.Status == 101 && string.Equals(response.Header("Upgrade"), Ts2021.UpgradeProtocol, StringComparison.OrdinalIgnoreCase);

    FaultException Refused(HttpHead response, string body, MachinePublicKey serverKey)
    {
        if (body.Contains(Ts2021Acceptance.NotGenuineReason, StringComparison.Ordinal))
        {
            return faults.KeyNotProved(serverKey);
        }

        return faults.NotACoordinator(response.Status is >= 300 and < 400 && response.Header("Location") is { Length: > 0 } location
            ? $"it answers {response.Status} and points to {Printable.Clean(location)}"
            : $"it answers {response.Status} to the upgrade");
    }
}
