using System;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace MeshIoT.Coordinator;

/// <summary>Reads and writes whole bodies within bounds; what goes out is never compressed or buffered.</summary>
internal static class HttpBodies
{
    /// <summary>Reads a JSON body. Null when it was not one, too large or too slow: the answer has been written already.</summary>
    public static async Task<T?> ReadJsonAsync<T>(
        HttpContext context, JsonTypeInfo<T> type, CoordinatorLimits limits, Func<HttpContext, int, string, Task>? refuse = null)
        where T : class
    {
        refuse ??= WriteTextAsync;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(limits.BodyTimeout);
        try
        {
            byte[] body = await ReadAllAsync(context.Request, limits.MaxBodyBytes, late.Token).ConfigureAwait(false);
            if (JsonSerializer.Deserialize(body, type) is { } value)
            {
                return value;
            }

            await refuse(context, 400, "the body is null").ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            // The path names a field, never its value.
            await refuse(context, 400, $"the body is not the JSON that belongs here, at {Printable(e.Path)}").ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await refuse(context, e.StatusCode, "the body cannot be read").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await refuse(context, 408, "the body did not arrive in time").ConfigureAwait(false);
        }

        return null;
    }

    public static Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        byte[] body = Encoding.UTF8.GetBytes(text + "\n");
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
    }

    public static Task WriteJsonAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type, string contentType = "application/json")
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, 0, body.Length, context.RequestAborted);
    }

    static async Task<byte[]> ReadAllAsync(HttpRequest request, int limit, CancellationToken ct)
    {
        if (request.ContentLength > limit)
        {
            throw new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge);
        }

        using MemoryStream body = new((int)(request.ContentLength ?? 0));
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > limit)
            {
                throw new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge);
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    static string Printable(string? path)
    {
        StringBuilder text = new();
        foreach (char c in path.AsSpan(0, Math.Min(path?.Length ?? 0, 60)))
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '$' or '.' or '[' or ']' or '_' ? c : '?');
        }

        return text.Length == 0 ? "$" : text.ToString();
    }
}
