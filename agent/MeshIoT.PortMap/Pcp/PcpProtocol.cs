using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.PortMap.NatPmp;

namespace MeshIoT.PortMap.Pcp;

/// <summary>Asking by PCP: one question, one answer that carries our nonce. RFC 6887.</summary>
/// <param name="outbox">Where messages go.</param>
/// <param name="nonce">
/// 12 bytes that only this node knows. The same after a restart of the program, or the gateway takes it for somebody else who wants
/// the mapping of its predecessor. RFC 6887 section 11.2.
/// </param>
internal sealed class PcpProtocol(Queue<PortMapSend> outbox, byte[] nonce) : MappingProtocol(outbox)
{
    readonly GatewayEpoch epoch = new();
    IPAddress? wishedAddress;

    public override PortMappingKind Kind => PortMappingKind.Pcp;

    public override void Enter(PortMapNetwork network)
    {
        base.Enter(network);
        epoch.Forget();
        wishedAddress = null;
    }

    public override void Search(bool first) => SendToGateway(NatPmpMessage.Port, PcpMessage.AnnounceRequest(Network.Local));

    public override void Release()
    {
        byte[] request = PcpMessage.MapRequest(Network.Local, nonce, Network.Port, 0, null, 0);
        SendToGateway(NatPmpMessage.Port, request);
        SendToGateway(NatPmpMessage.Port, request);
    }

    public override void Receive(ReadOnlySpan<byte> datagram, long nowMs)
    {
        if (!PcpMessage.TryRead(datagram, nonce, Network.Port, out PcpMessage message))
        {
            return;
        }

        bool kept = message.Result != PcpMessage.Success || epoch.Agrees(message.Epoch, bothWays: true, nowMs);
        if (message.Operation == PcpMessage.OpAnnounce)
        {
            Seen |= message.Result == PcpMessage.Success;
            Lost |= State == MappingState.Granted && !kept;
        }
        else if (State != MappingState.Asking)
        {
            return;
        }
        else if (message.Result != PcpMessage.Success)
        {
            Refuse(ReasonOf(message.Result));
        }
        else if (message.Lifetime > 0)
        {
            ExternalAddress = message.ExternalAddress ?? IPAddress.Any;
            wishedAddress = message.ExternalAddress;
            ExternalPort = message.ExternalPort;
            LifetimeSeconds = message.Lifetime;
            Settle(MappingState.Granted);
        }
    }

    protected override void Begin(long nowMs) => Resend(nowMs);

    protected override void SendQuestion() => SendToGateway(
        NatPmpMessage.Port,
        PcpMessage.MapRequest(Network.Local, nonce, Network.Port, ExternalPort, wishedAddress, PortMapper.LifetimeSeconds));

    static string ReasonOf(byte result) => result switch
    {
        1 => "it does not speak this version",
        2 => "it is not allowed",
        4 or 5 => "it does not know the operation",
        7 => "it has no Internet address itself",
        8 or 10 => "it has no room for more mappings",
        11 => "it cannot give that port",
        12 => "it sees this machine under another address",
        _ => $"result {result}",
    };
}
