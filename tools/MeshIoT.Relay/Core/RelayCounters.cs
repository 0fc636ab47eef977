namespace MeshIoT.Relay;

/// <summary>What one loop has counted. Written by its thread alone; others read figures that are a moment old.</summary>
internal sealed class RelayCounters
{
    public long Accepted, TurnedAway, HandshakesFailed, NotAdmitted, Replayed;
    public long FramesIn, PacketsIn, BytesIn, PacketsOut, BytesOut, PacketsForwardedIn, PacketsForwardedOut;
    public long DropsUnknown, DropsQueueHead, DropsGone, DropsDuplicate;
    public long UnknownFrames, ProtocolErrors, WriteTimeouts, PeerGoneSent, Pings, RateDelays, HttpRequests;

    /// <summary>Adds another loop's figures to these.</summary>
    public void Add(RelayCounters o)
    {
        Accepted += o.Accepted;
        TurnedAway += o.TurnedAway;
        HandshakesFailed += o.HandshakesFailed;
        NotAdmitted += o.NotAdmitted;
        Replayed += o.Replayed;
        FramesIn += o.FramesIn;
        PacketsIn += o.PacketsIn;
        BytesIn += o.BytesIn;
        PacketsOut += o.PacketsOut;
        BytesOut += o.BytesOut;
        PacketsForwardedIn += o.PacketsForwardedIn;
        PacketsForwardedOut += o.PacketsForwardedOut;
        DropsUnknown += o.DropsUnknown;
        DropsQueueHead += o.DropsQueueHead;
        DropsGone += o.DropsGone;
        DropsDuplicate += o.DropsDuplicate;
        UnknownFrames += o.UnknownFrames;
        ProtocolErrors += o.ProtocolErrors;
        WriteTimeouts += o.WriteTimeouts;
        PeerGoneSent += o.PeerGoneSent;
        Pings += o.Pings;
        RateDelays += o.RateDelays;
        HttpRequests += o.HttpRequests;
    }
}
