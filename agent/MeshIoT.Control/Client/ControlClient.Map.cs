using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <content>The map stream and lite updates. control-plane.md section 5.</content>
public sealed partial class ControlClient
{
    const string MapPath = "/machine/map";
    const double LongestSleep = 300;

    /// <summary>
    /// Follows the map stream: hands on every frame, keep-alives too, in order, and answers the server's pings beside it. Returns when the server
    /// ends the stream, throws when it breaks, is silent for <see cref="ControlOptions.MapSilence"/>, or says nonsense. The time that
    /// <paramref name="onFrame"/> takes does not count as silence.
    /// </summary>
    public async Task StreamMapAsync(MapRequest request, Func<MapFrame, CancellationToken, ValueTask> onFrame, CancellationToken ct)
    {
        byte[] json = FormatMapRequest(request with { Stream = true, Compress = options.WantsCompression ? "zstd" : null });
        using CancellationTokenSource watchdog = new(options.MapSilence, options.Time);
        await ExchangeAsync(
            async (http, token) =>
            {
                using HttpRequestMessage post = NewPost(MapPath, json, request.NodeKey);
                using HttpResponseMessage response = await http.SendAsync(post, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
                await RequireMapAnswerAsync(response, token).ConfigureAwait(false);
                using Stream body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                await FollowAsync(http, new MapFrameReader(body, new MapFrameLimits(options.MaxFrameBytes)), onFrame, watchdog, token, ct).ConfigureAwait(false);
                return true;
            },
            watchdog,
            () => Silent(options.MapSilence),
            ct).ConfigureAwait(false);
    }

    /// <summary>Tells the server endpoints, Hostinfo and disco key without touching the map stream.</summary>
    public async Task SendUpdateAsync(MapRequest request, CancellationToken ct)
    {
        byte[] json = FormatMapRequest(request with { Stream = false, OmitPeers = true, Compress = null });
        using CancellationTokenSource deadline = new(options.AnswerTimeout, options.Time);
        await ExchangeAsync(
            async (http, token) =>
            {
                using HttpRequestMessage post = NewPost(MapPath, json, request.NodeKey);
                using HttpResponseMessage response = await http.SendAsync(post, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
                await RequireMapAnswerAsync(response, token).ConfigureAwait(false);
                return await BoundedBody.ReadAsync(response.Content, MaxBody, token).ConfigureAwait(false);
            },
            deadline,
            () => Silent(options.AnswerTimeout),
            ct).ConfigureAwait(false);
    }

    byte[] FormatMapRequest(MapRequest request) => JsonSerializer.SerializeToUtf8Bytes(
        request with { Version = request.Version == 0 ? options.CapabilityVersion : request.Version, KeepAlive = true },
        TailcfgJson.Default.MapRequest);

    async Task RequireMapAnswerAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw Faults.NodeNotKnown.With(faults.Server).ToException();
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await JudgeStatusAsync(response, null, ct).ConfigureAwait(false);
        }
    }

    async Task FollowAsync(
        HttpClient http, MapFrameReader reader, Func<MapFrame, CancellationToken, ValueTask> onFrame, CancellationTokenSource watchdog, CancellationToken token, CancellationToken ct)
    {
        bool isFirst = true;
        string? lastPing = null;
        while (await NextAsync().ConfigureAwait(false))
        {
        }

        // A frame is gone while the next one is waited for: hence a method of its own.
        async Task<bool> NextAsync()
        {
            if (await reader.ReadAsync(token).ConfigureAwait(false) is not { } frame)
            {
                return false;
            }

            watchdog.CancelAfter(Timeout.InfiniteTimeSpan);
            if (!frame.KeepAlive)
            {
                if (isFirst && frame.Rest.Node is null)
                {
                    throw faults.Protocol("its first map frame does not describe this node");
                }

                isFirst = false;
            }

            if (frame.Rest.PingRequest is { URL: { Length: > 0 } url } ping && url != lastPing)
            {
                lastPing = url;
                AnswerPing(http, ping, token);
            }

            dialer.ServerPlan = frame.Rest.ControlDialPlan ?? dialer.ServerPlan;
            await onFrame(frame, ct).ConfigureAwait(false);
            if (frame is { KeepAlive: false, Rest.Debug.SleepSeconds: > 0 and double seconds })
            {
                // The server asks for quiet. It may also ask the program to end, which ours does not.
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(seconds, LongestSleep)), options.Time, token).ConfigureAwait(false);
            }

            watchdog.CancelAfter(options.MapSilence);
            return true;
        }

        if (reader.Fault != MapFrameFault.None)
        {
            throw reader.Fault switch
            {
                MapFrameFault.CutOff => Faults.CoordinatorConnectionLost.With(faults.Server).ToException(),
                MapFrameFault.Empty => faults.Protocol("a map frame is empty"),
                MapFrameFault.TooLong => faults.Protocol("a map frame is longer than this node takes"),
                MapFrameFault.EntryTooLong => faults.Protocol("an entry of a map frame is longer than this node takes"),
                MapFrameFault.NotUnpackable => faults.Protocol("a compressed map frame cannot be unpacked"),
                _ => faults.Protocol("a map frame cannot be read"),
            };
        }
    }
}
