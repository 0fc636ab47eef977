using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Alerts.Delivery;

/// <summary>Posts each message to an address. A redirect is not followed, and of the answer only the status is looked at.</summary>
public sealed class WebhookDelivery : IDelivery
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly WebhookOptions options;
    readonly HttpClient http;

    /// <summary>Posts to where <paramref name="options"/> say.</summary>
    public WebhookDelivery(WebhookOptions options)
    {
        this.options = options;
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = 64 * 1024,
        };
    }

    /// <inheritdoc/>
    public string Name => "webhook " + options.Name;

    /// <inheritdoc/>
    public async Task<string?> SendAsync(AlertMessage message, CancellationToken ct)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, options.Url) { Content = Body(message) };
            if (options.Format == WebhookFormat.Text)
            {
                // Header values are ASCII; a name that is not goes with the body's first line.
                request.Headers.TryAddWithoutValidation("Title", Ascii(message.Title));
                request.Headers.TryAddWithoutValidation("Priority", message.State == "over" ? "low" : message.Severity == "high" ? "high" : "default");
                request.Headers.TryAddWithoutValidation("Tags", message.State == "over" ? "white_check_mark" : "warning");
            }

            if (options.TokenFile is { } file)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, ct).ConfigureAwait(false)).Trim());
            }

            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? null : $"{options.Url.Host} answered {(int)answer.StatusCode}";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"{options.Url.Host} did not answer within {Patience.TotalSeconds:0} s";
        }
        catch (HttpRequestException e)
        {
            return $"{options.Url.Host} cannot be reached ({e.HttpRequestError})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the token file {options.TokenFile} cannot be read";
        }
        catch (FormatException)
        {
            return $"the token in {options.TokenFile} is no token";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    HttpContent Body(AlertMessage message)
    {
        if (options.Format == WebhookFormat.Text)
        {
            return new StringContent(message.Text, Encoding.UTF8, "text/plain");
        }

        byte[] json = options.Format == WebhookFormat.Json ? message.ToJson()
            : JsonSerializer.SerializeToUtf8Bytes(new ChatMessage(message.Text, message.Text), AlertJson.Default.ChatMessage);
        return new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    static string Ascii(string text)
    {
        StringBuilder ascii = new();
        foreach (char c in text)
        {
            ascii.Append(c is >= ' ' and <= '~' ? c : '?');
        }

        return ascii.ToString();
    }
}
