using System;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <content>Registration. control-plane.md section 4.</content>
public sealed partial class ControlClient
{
    const int MaxBusyAnswers = 3;

    /// <summary>
    /// Registers the node key. The answer may be a refusal (<see cref="RegisterResponse.Error"/>, see <see cref="RegisterRefusal"/>), an address to
    /// open (<see cref="RegisterResponse.AuthURL"/>) or an expired key. A busy server is waited for as it asks, three times. A followup has no time limit.
    /// </summary>
    public async Task<RegisterResponse> RegisterAsync(RegisterRequest request, CancellationToken ct)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(
            request.Version == 0 ? request with { Version = options.CapabilityVersion } : request, TailcfgJson.Default.RegisterRequest);
        try
        {
            for (int busy = 1; ; busy++)
            {
                TimeSpan limit = string.IsNullOrEmpty(request.Followup) ? options.AnswerTimeout : Timeout.InfiniteTimeSpan;
                using CancellationTokenSource deadline = new(limit, options.Time);
                (RegisterResponse? response, TimeSpan wait) = await ExchangeAsync(
                    (http, token) => RegisterOnceAsync(http, request, json, token), deadline, () => Silent(limit), ct).ConfigureAwait(false);
                if (response is not null)
                {
                    return response;
                }

                if (busy == MaxBusyAnswers)
                {
                    throw Faults.CoordinatorBusy.With(faults.Server, (int)Math.Ceiling(wait.TotalSeconds)).ToException();
                }

                await Task.Delay(wait, options.Time, ct).ConfigureAwait(false);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    /// <summary>The answer, or how long to wait.</summary>
    async Task<(RegisterResponse? Response, TimeSpan Wait)> RegisterOnceAsync(HttpClient http, RegisterRequest request, byte[] json, CancellationToken ct)
    {
        using HttpRequestMessage post = NewPost("/machine/register", json, request.NodeKey);
        using HttpResponseMessage response = await http.SendAsync(post, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            return (null, RetryAfter.Read(response.Headers.RetryAfter, options.Time.GetUtcNow(), NextRandom()));
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await JudgeStatusAsync(response, request.Auth?.AuthKey, ct).ConfigureAwait(false);
        }

        byte[] body = await BoundedBody.ReadAsync(response.Content, MaxBody, ct).ConfigureAwait(false)
            ?? throw faults.Protocol("its answer to the registration is longer than a megabyte");
        try
        {
            return (JsonSerializer.Deserialize(body, TailcfgJson.Default.RegisterResponse) ?? throw new JsonException(), default);
        }
        catch (JsonException)
        {
            throw faults.Protocol("its answer to the registration cannot be read");
        }
    }

    double NextRandom()
    {
        byte[] bytes = new byte[4];
        options.Random.Fill(bytes, 0, bytes.Length);
        return BitConverter.ToUInt32(bytes) / (double)uint.MaxValue;
    }
}
