using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;

namespace MeshIoT.Relay;

/// <summary>
/// Somebody else decides, over HTTP, in derper's form: POST {"NodePublic":"nodekey:…","Source":"ip"}, answered by {"Allow":true}.
/// A failure to answer within five seconds counts as no, or as yet for those who choose to fail open. data-plane.md section 4.3.
/// </summary>
public sealed class VerifyUrl(Uri url, bool failOpen, HttpMessageHandler? handler = null) : IAdmission, IDisposable
{
    const int MaxAnswer = 4096, MaxAtOnce = 256;

    readonly HttpClient http = new(handler ?? new SocketsHttpHandler { MaxConnectionsPerServer = 16, AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = MaxAnswer,
    };

    int asking;

    /// <inheritdoc/>
    public async ValueTask<bool> AdmitAsync(NodePublicKey key, IPAddress source)
    {
        // Not on the relay's thread: the first request to a host may take a while to begin.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (Interlocked.Increment(ref asking) > MaxAtOnce)
        {
            Interlocked.Decrement(ref asking);
            return false;
        }

        try
        {
            using ByteArrayContent question = new(JsonSerializer.SerializeToUtf8Bytes(new VerifyQuestion(key.ToString(), source.ToString()), VerifyJson.Default.VerifyQuestion));
            question.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage answer = await http.PostAsync(url, question).ConfigureAwait(false);
            return answer.StatusCode == HttpStatusCode.OK
                ? JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync().ConfigureAwait(false), VerifyJson.Default.VerifyAnswer) is { Allow: true }
                : failOpen;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException)
        {
            return failOpen;
        }
        finally
        {
            Interlocked.Decrement(ref asking);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
