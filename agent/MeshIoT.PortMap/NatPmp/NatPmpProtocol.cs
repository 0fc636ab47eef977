using System;
using System.Collections.Generic;
using System.Net;

namespace MeshIoT.PortMap.NatPmp;

/// <summary>Asking by NAT-PMP: for the outside address and for the mapping at once, each again until it is answered. RFC 6886.</summary>
internal sealed class NatPmpProtocol(Queue<PortMapSend> outbox) : MappingProtocol(outbox)
{
    readonly GatewayEpoch epoch = new();
    bool hasAddress, hasPort;

    public override PortMappingKind Kind => PortMappingKind.NatPmp;

    public override void Enter(PortMapNetwork network)
    {
        base.Enter(network);
        epoch.Forget();
    }

    public override void Search(bool first) => SendToGateway(NatPmpMessage.Port, NatPmpMessage.AddressRequest());

    public override void Release()
    {
        byte[] request = NatPmpMessage.MapRequest(Network.Port, 0, 0);
        SendToGateway(NatPmpMessage.Port, request);
        SendToGateway(NatPmpMessage.Port, request);
    }

    public override void Receive(ReadOnlySpan<byte> datagram, long nowMs)
    {
        if (!NatPmpMessage.TryRead(datagram, out NatPmpMessage message))
        {
            return;
        }

        bool kept = epoch.Agrees(message.Epoch, bothWays: false, nowMs);
        if (message.Operation == NatPmpMessage.OpAddress)
        {
            ReceiveAddress(message, kept);
        }
        else if (State == MappingState.Asking && message.Result != NatPmpMessage.Success)
        {
            Refuse(ReasonOf(message.Result));
        }
        else if (State == MappingState.Asking && message.InternalPort == Network.Port && message.Lifetime > 0)
        {
            ExternalPort = message.ExternalPort;
            LifetimeSeconds = message.Lifetime;
            hasPort = true;
        }

        if (State == MappingState.Asking && hasAddress && hasPort)
        {
            Settle(MappingState.Granted);
        }
    }

    protected override void Begin(long nowMs)
    {
        hasAddress = hasPort = false;
        Resend(nowMs);
    }

    protected override void SendQuestion()
    {
        if (!hasAddress)
        {
            SendToGateway(NatPmpMessage.Port, NatPmpMessage.AddressRequest());
        }

        if (!hasPort)
        {
            SendToGateway(NatPmpMessage.Port, NatPmpMessage.MapRequest(Network.Port, ExternalPort, PortMapper.LifetimeSeconds));
        }
    }

    // Also what the gateway tells everybody after it was started, or when its address has changed.
    void ReceiveAddress(NatPmpMessage message, bool kept)
    {
        if (message.Result != NatPmpMessage.Success)
        {
            // A gateway without an address of its own speaks the protocol all the same; asking for the mapping says what it lacks.
            Seen |= message.Result != 1;
            return;
        }

        Seen = true;
        IPAddress address = new([(byte)(message.Address >> 24), (byte)(message.Address >> 16), (byte)(message.Address >> 8), (byte)message.Address]);
        Lost |= State == MappingState.Granted && (!kept || !address.Equals(ExternalAddress));
        if (State == MappingState.Asking)
        {
            ExternalAddress = address;
            hasAddress = true;
        }
    }

    static string ReasonOf(ushort result) => result switch
    {
        1 => "it does not speak this version",
        2 => "it is not allowed",
        3 => "it has no Internet address itself",
        4 => "it has no room for more mappings",
        5 => "it does not know the operation",
        _ => $"result {result}",
    };
}
