using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <summary>What a <see cref="Ts2021Acceptor"/> made of an upgrade request.</summary>
public sealed class Ts2021Acceptance
{
    internal const string NotGenuineReason = "The handshake was not made for this server's key; fetch /key again.";

    readonly NoiseRecords? records;

    internal Ts2021Acceptance(NoiseFault fault) => Fault = fault;

    internal Ts2021Acceptance(MachinePublicKey machineKey, int protocolVersion, byte[] response, NoiseRecords records)
    {
        MachineKey = machineKey;
        ProtocolVersion = protocolVersion;
        Response = response;
        this.records = records;
    }

    /// <summary>True if the client proved its machine key to this server.</summary>
    public bool IsAccepted => Fault == NoiseFault.None;

    /// <summary>Why not.</summary>
    public NoiseFault Fault { get; }

    /// <summary>101 or 400.</summary>
    public int StatusCode => IsAccepted ? 101 : 400;

    /// <summary>A sentence for the body of a 400.</summary>
    public string Reason => Fault switch
    {
        NoiseFault.None => "",
        NoiseFault.NotAnUpgrade => "This path takes only an upgrade to " + Ts2021.UpgradeProtocol + ".",
        NoiseFault.NoHandshake => "The header " + Ts2021.HandshakeHeader + " is missing or not base64.",
        NoiseFault.NotGenuine => NotGenuineReason,
        _ => "The handshake message is malformed.",
    };

    /// <summary>The client's machine key, proved.</summary>
    public MachinePublicKey MachineKey { get; }

    /// <summary>The client's capability version, bound by the handshake.</summary>
    public int ProtocolVersion { get; }

    /// <summary>The second handshake message.</summary>
    public byte[] Response { get; } = [];

    /// <summary>
    /// Writes the handshake answer to the upgraded connection, and the early payload in the same segment if there is one and the client's
    /// version knows it; returns the stream to speak HTTP/2 on, which owns <paramref name="transport"/>. Call once, after the 101.
    /// </summary>
    public async Task<NoiseStream> OpenAsync(Stream transport, EarlyNoise? early, CancellationToken cancellationToken)
    {
        NoiseRecords keys = records ?? throw new InvalidOperationException("the handshake was refused");
        byte[] first = Response;
        if (early is not null && ProtocolVersion >= Ts2021.EarlyPayloadVersion)
        {
            byte[] payload = NoiseStream.FormatEarlyPayload(early);
            byte[] output = new byte[Response.Length + NoiseRecords.HeaderSize + payload.Length + NoiseRecords.TagSize];
            Response.CopyTo(output, 0);
            keys.Seal(payload, 0, payload.Length, output, Response.Length);
            first = output;
        }

        await transport.WriteAsync(first, cancellationToken).ConfigureAwait(false);
        await transport.FlushAsync(cancellationToken).ConfigureAwait(false);
        return new NoiseStream(transport, keys);
    }
}
