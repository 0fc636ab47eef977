using System;
using System.Collections.Generic;
using System.Net;
using MeshIoT.Crypto;

namespace MeshIoT.PortMap.Upnp;

/// <summary>
/// Asking by UPnP: find the description, read it, ask its services in turn for the mapping and the outside address.
/// One HTTP request is on its way at a time. UPnP Device Architecture 1.1, WANIPConnection:1 and :2.
/// </summary>
internal sealed class UpnpProtocol(Queue<PortMapSend> outbox, RandomSource random) : MappingProtocol(outbox)
{
    // The shell gives up after 10 s; this is for the case that it does not.
    const long AnswerLimitMs = 15_000;
    const long SearchMs = 1_500;
    const int MostConflicts = 3;

    IReadOnlyList<WanService> services = [];
    Uri? location;
    Step step;
    long? boot;
    int service, conflicts, lastRequest, awaited;
    bool gone, permanent, searched;

    enum Step
    {
        None,
        Searching,
        Describing,
        Adding,
        Addressing,
    }

    public override PortMappingKind Kind => PortMappingKind.Upnp;

    public override void Enter(PortMapNetwork network)
    {
        base.Enter(network);
        Forget();
        boot = null;
        gone = permanent = false;
        awaited = 0;
    }

    public override void Search(bool first)
    {
        foreach (byte[] search in Ssdp.Searches())
        {
            SendToGateway(Ssdp.Port, search);
            Send(new PortMapDatagram(new IPEndPoint(Ssdp.Group, Ssdp.Port), search));
        }
    }

    public override void Release()
    {
        if (service < services.Count)
        {
            WanService at = services[service];
            Post(at, SoapAction.DeletePortMapping, SoapAction.Delete(at.Type, ExternalPort));
            awaited = 0;
        }
    }

    public override void Receive(ReadOnlySpan<byte> datagram, long nowMs)
    {
        if (Ssdp.TryReadNotice(datagram, out long? number))
        {
            Notice(number);
        }
        else if (Ssdp.TryReadAnswer(datagram, Network.Gateway, out Uri? found))
        {
            Seen = true;
            boot ??= Ssdp.BootOf(datagram);
            location ??= found;
            if (step == Step.Searching)
            {
                Describe(nowMs);
            }
        }
    }

    /// <summary>The answer to a request, status 0 for none.</summary>
    public void HttpAnswered(int request, int status, ReadOnlySpan<byte> body, long nowMs)
    {
        if (request != awaited || State != MappingState.Asking)
        {
            return;
        }

        awaited = 0;
        if (status == 0)
        {
            NoAnswer(nowMs);
            return;
        }

        switch (step)
        {
            case Step.Describing:
                services = status == 200 ? GatewayDescription.Read(body, location!, Network.Gateway) : [];
                service = 0;
                Add(nowMs);
                break;
            case Step.Adding:
                Added(SoapReply.Read(status, body, SoapAction.AddPortMapping), nowMs);
                break;
            case Step.Addressing:
                SoapReply reply = SoapReply.Read(status, body, SoapAction.GetExternalIPAddress);
                if (reply is { Done: true, Address: { } address })
                {
                    ExternalAddress = address;
                    LifetimeSeconds = PortMapper.LifetimeSeconds;
                    Finish(MappingState.Granted);
                }
                else
                {
                    Next("it does not tell its outside address", nowMs);
                }

                break;
        }
    }

    public override void Tick(long nowMs)
    {
        if (nowMs < NextWakeMs || State != MappingState.Asking)
        {
            return;
        }

        if (step == Step.Searching)
        {
            Finish(MappingState.Silent);
        }
        else
        {
            awaited = 0;
            NoAnswer(nowMs);
        }
    }

    protected override void Begin(long nowMs)
    {
        searched = false;
        conflicts = 0;
        if (services.Count > 0)
        {
            Add(nowMs);
        }
        else if (location is not null)
        {
            Describe(nowMs);
        }
        else
        {
            SearchAgain(nowMs);
        }
    }

    void Forget()
    {
        services = [];
        location = null;
        service = 0;
        step = Step.None;
    }

    void Finish(MappingState state)
    {
        step = Step.None;
        Settle(state);
    }

    // A gateway that was started anew may listen elsewhere.
    void SearchAgain(long nowMs)
    {
        Forget();
        searched = true;
        step = Step.Searching;
        NextWakeMs = nowMs + SearchMs;
        Search(first: true);
    }

    void NoAnswer(long nowMs)
    {
        if (searched)
        {
            Forget();
            Finish(MappingState.Silent);
        }
        else
        {
            SearchAgain(nowMs);
        }
    }

    void Describe(long nowMs)
    {
        step = Step.Describing;
        Request(new PortMapHttp(++lastRequest, location!, null, null), nowMs);
    }

    void Add(long nowMs)
    {
        if (service >= services.Count)
        {
            string reason = Reason.Length > 0 && services.Count > 0 ? Reason : "its description names no service that maps ports";
            Forget();
            step = Step.None;
            Refuse(reason);
            return;
        }

        step = Step.Adding;
        WanService at = services[service];
        byte[] body = SoapAction.Add(at.Type, ExternalPort, Network.Port, Network.Local, permanent ? 0 : PortMapper.LifetimeSeconds);
        Post(at, SoapAction.AddPortMapping, body, nowMs);
    }

    void Added(SoapReply reply, long nowMs)
    {
        if (reply.Done)
        {
            WanService at = services[service];
            step = Step.Addressing;
            Post(at, SoapAction.GetExternalIPAddress, SoapAction.ExternalAddress(at.Type), nowMs);
        }
        else if (!permanent && reply.Error is SoapReply.OnlyPermanentLeases or SoapReply.InvalidArguments)
        {
            permanent = true;
            Add(nowMs);
        }
        else if (reply.Error is SoapReply.Conflict && conflicts++ < MostConflicts)
        {
            ExternalPort = RandomPort();
            Add(nowMs);
        }
        else if (reply.Error is SoapReply.SamePortsRequired && ExternalPort != Network.Port)
        {
            ExternalPort = Network.Port;
            Add(nowMs);
        }
        else
        {
            Next(reply.Error switch { SoapReply.NotAuthorized => "it is not allowed", 0 => "its answer is not understood", _ => $"error {reply.Error}" }, nowMs);
        }
    }

    void Next(string reason, long nowMs)
    {
        Reason = reason;
        service++;
        conflicts = 0;
        Add(nowMs);
    }

    // It says that it goes, or comes; after a new start its table is empty.
    void Notice(long? number)
    {
        if (number is null)
        {
            gone = true;
            return;
        }

        bool anew = gone || (number >= 0 && boot >= 0 && number != boot);
        boot = number;
        gone = false;
        if (anew)
        {
            Forget();
            Lost = true;
        }
    }

    // Above the ports of well-known services.
    ushort RandomPort()
    {
        byte[] bytes = new byte[2];
        random.Fill(bytes, 0, 2);
        return (ushort)(49152 + (BitConverter.ToUInt16(bytes) % 16384));
    }

    void Post(WanService at, string action, byte[] body, long nowMs = long.MinValue) =>
        Request(new PortMapHttp(++lastRequest, at.Control, $"{at.Type}#{action}", body), nowMs);

    void Request(PortMapHttp request, long nowMs)
    {
        awaited = request.Id;
        if (nowMs != long.MinValue)
        {
            NextWakeMs = nowMs + AnswerLimitMs;
        }

        Send(request);
    }
}
