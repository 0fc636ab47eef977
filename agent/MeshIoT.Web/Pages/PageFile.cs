using System;
using System.Globalization;
using System.IO;
using MeshIoT.Web.Http;

namespace MeshIoT.Web.Pages;

/// <summary>
/// One file of the page, embedded in the program as it is and packed at build (gzip). A browser that has it is told so; nothing is kept in memory
/// beyond the program's own pages.
/// </summary>
internal sealed class PageFile
{
    readonly string resource, contentType;
    readonly Lazy<string> tag;

    public PageFile(string resource, string contentType)
    {
        (this.resource, this.contentType) = (resource, contentType);
        tag = new Lazy<string>(() => TagOf(Read(resource)));
    }

    /// <summary>Its bytes, not packed.</summary>
    public byte[] Bytes => Read(resource);

    /// <summary>The answer to a request for it.</summary>
    public HttpResponse Answer(HttpRequest request)
    {
        bool isPacked = request.Fields.AcceptsGzip;
        string etag = $"\"{tag.Value}{(isPacked ? "-z" : "")}\"";
        HttpResponse response = new(200, contentType, default)
        {
            ETag = etag, CacheControl = "no-cache", VariesByEncoding = true, ContentEncoding = isPacked ? "gzip" : null,
        };
        return Holds(request.Fields.IfNoneMatch, etag)
            ? response with { Status = 304, ContentEncoding = null }
            : response with { Body = Read(isPacked ? resource + ".gz" : resource) };
    }

    // RFC 9110 section 13.1.2: weak comparison; a list, or an asterisk.
    static bool Holds(string ifNoneMatch, string etag)
    {
        foreach (string one in ifNoneMatch.Split(',', StringSplitOptions.TrimEntries))
        {
            if (one == "*" || one == etag || (one.StartsWith("W/", StringComparison.Ordinal) && one.AsSpan(2).SequenceEqual(etag)))
            {
                return true;
            }
        }

        return false;
    }

    static byte[] Read(string resource)
    {
        using Stream stream = typeof(PageFile).Assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    // FNV-1a of 64 bits: it tells versions of a file apart, and nobody gains by finding two that it does not.
    static string TagOf(byte[] bytes)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
