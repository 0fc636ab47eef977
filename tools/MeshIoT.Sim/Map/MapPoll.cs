using System;

namespace MeshIoT.Sim;

/// <summary>The long poll as an exchange: its frames go to <paramref name="sink"/>, its end to <paramref name="ended"/>.</summary>
internal sealed class MapPoll(bool zstd, IMapSink sink, Action<int, int> ended) : Http2Exchange
{
    readonly MapFrames frames = new(zstd, json => MapScan.Read(json, sink));
    int status, retryAfter;

    public override void OnHeaders(int status, int retryAfterSeconds) => (this.status, retryAfter) = (status, retryAfterSeconds);

    public override void OnData(ReadOnlySpan<byte> data)
    {
        if (status == 200)
        {
            frames.Feed(data);
        }
    }

    public override void OnEnd(bool cut) => ended(status, retryAfter);
}
