using System;
using MeshIoT.Derp;

namespace MeshIoT.Relay;

/// <summary>The HTTP part: a few requests, until one of them asks for DERP.</summary>
internal sealed partial class Session
{
    const int MaxRequests = 100;

    int requests;

    int ReadRequests(ReadOnlySpan<byte> bytes)
    {
        int used = 0;
        while (State == SessionState.Http)
        {
            ReadOnlySpan<byte> rest = bytes[used..];
            int end = rest.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                if (rest.Length > context.Limits.MaxRequestHead)
                {
                    Refuse();
                }

                return used;
            }

            used += end + 4;
            RequestHead? request = end > context.Limits.MaxRequestHead ? null : RequestHead.TryRead(rest[..(end + 4)]);
            loop.Counters.HttpRequests++;
            if (request is null)
            {
                Refuse();
            }
            else if (request is { Method: "GET", Path: DerpUpgrade.Path, Upgrade: "derp" or "websocket" } && door != Door.Metrics)
            {
                SwitchToDerp(request);
            }
            else
            {
                Answer(request);
            }
        }

        return used;
    }

    void Refuse()
    {
        PutRaw(Answers.BadRequest());
        WriteOut(loop);
        Close();
    }

    void Answer(RequestHead request)
    {
        PutRaw(door == Door.Metrics ? Answers.Metrics(request, context.MetricsText()) : Answers.To(request, context.Bootstrap));
        WriteOut(loop);
        if (!request.KeepAlive || request.HasBody || ++requests >= MaxRequests)
        {
            Close();
        }
        else if (State != SessionState.Closed)
        {
            deadlineMs = loop.NowMs + (long)context.Limits.RequestTimeout.TotalMilliseconds;
            loop.CallAt(slot, deadlineMs);
        }
    }

    void PutRaw(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            outbox.PutRaw(bytes);
        }
    }
}
