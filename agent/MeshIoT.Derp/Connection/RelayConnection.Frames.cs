using System;
using System.Text;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <content>What the relay says besides packets.</content>
internal sealed partial class RelayConnection
{
    // A relay that tells of more than that is not telling of our peers. Losing one costs a peer's dead route some seconds.
    const int GonePerSecond = 256, GoneBurst = 1024;

    const int LongestComplaint = 200;

    SendRate? rate;
    double goneLevel = GoneBurst;
    long goneMs;

    void Handle(FrameType type, ReadOnlySpan<byte> body)
    {
        if (!isOpen && type != FrameType.ServerKey)
        {
            return;
        }

        switch (type)
        {
            case FrameType.ServerKey:
                ReceiveKey(body);
                break;
            case FrameType.ServerInfo:
                ReceiveInfo(body);
                break;
            case FrameType.Ping when PingFrame.TryRead(body, out PingFrame ping):
                Span<byte> pong = stackalloc byte[PingFrame.FrameSize];
                ping.Write(pong, FrameType.Pong);
                Post(pong);
                break;
            case FrameType.Pong when PingFrame.TryRead(body, out PingFrame answer):
                ReceivePong(answer.Payload);
                break;
            case FrameType.PeerGone when PeerGoneFrame.TryRead(body, out PeerGoneFrame gone) && MaySayGone():
                options.Receiver.PeerGone(link.Id, gone.Peer, gone.Reason);
                break;
            case FrameType.Health:
                Complaint = body.IsEmpty ? null : Clean(body);
                link.NoteChanged();
                break;
            case FrameType.Restarting when RestartingFrame.TryRead(body, out RestartingFrame restarting):
                RestartsIn = TimeSpan.FromMilliseconds(Math.Min(restarting.ReconnectIn.TotalMilliseconds, RelayTimes.LongestRestart));
                break;
            default:
                break;
        }
    }

    void ReceiveKey(ReadOnlySpan<byte> body)
    {
        if (!isOpen)
        {
            Proceed(handshake.ReceiveServerKey(body));
        }
    }

    void ReceiveInfo(ReadOnlySpan<byte> body)
    {
        if (IsUp)
        {
            return;
        }

        if (handshake.ReceiveServerInfo(body) != HandshakeFault.None)
        {
            End(Faults.RelayProtocol.With(link.Describe(Node), "its information does not open with its key"));
            return;
        }

        rate = SendRate.From(handshake.Server!, clock.Now);
        isUp = true;
        SendPing();
        link.NoteUp(this);
    }

    bool MaySayGone()
    {
        long now = clock.Now;
        goneLevel = Math.Min(GoneBurst, goneLevel + (GonePerSecond * (double)(now - goneMs) / 1000));
        goneMs = now;
        if (goneLevel < 1)
        {
            return false;
        }

        goneLevel--;
        return true;
    }

    // The relay's words end up in front of people: one line, no control characters, not long.
    static string Clean(ReadOnlySpan<byte> text)
    {
        StringBuilder clean = new();
        foreach (Rune rune in Encoding.UTF8.GetString(text).EnumerateRunes())
        {
            if (clean.Length >= LongestComplaint)
            {
                break;
            }

            bool shown = Rune.GetUnicodeCategory(rune) is not (
                System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.PrivateUse);
            clean.Append(shown ? rune.ToString() : " ");
        }

        return clean.ToString().Trim();
    }
}
