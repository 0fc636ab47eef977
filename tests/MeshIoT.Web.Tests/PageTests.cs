using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using MeshIoT.Sensors;
using MeshIoT.Tests;
using MeshIoT.Web.Http;
using MeshIoT.Web.Routing;
using Xunit;

namespace MeshIoT.Web.Tests;

public class PageTests
{
    static readonly string[] Files = [.. Api().Operations.Where(r => r.Path == "/" || r.Path.StartsWith("/page/", StringComparison.Ordinal)).Select(r => r.Path)];

    static GatewayApi Api() => new(() => "greenhouse", new Sampler(), new ManualTime());

    static Loopback Serve() => new(Api().HandleAsync);

    [Fact]
    public async Task All_files_together_weigh_less_than_100_KB()
    {
        await using Loopback server = Serve();
        int total = 0;
        foreach (string path in Files)
        {
            total += (await server.Http.GetByteArrayAsync(path)).Length;
        }

        Assert.True(Files.Length > 8);
        Assert.InRange(total, 20_000, 100_000);
    }

    [Fact]
    public async Task Nothing_is_asked_of_anybody_else_and_what_is_imported_is_there()
    {
        await using Loopback server = Serve();
        HashSet<string> served = [.. Files];
        foreach (string path in Files)
        {
            string text = await server.Http.GetStringAsync(path);
            Assert.DoesNotMatch("(src|href)=\"(https?:)?//|url\\(|@import", text);
            Assert.DoesNotMatch(@"https?://(?!www\.w3\.org/2000/svg)", text);
            foreach (Match import in Regex.Matches(text, "from \"\\./([a-z]+\\.js)\""))
            {
                Assert.Contains("/page/" + import.Groups[1].Value, served);
            }

            foreach (Match named in Regex.Matches(text, "(?:src|href)=\"(/page/[^\"]+)\""))
            {
                Assert.Contains(named.Groups[1].Value, served);
            }
        }
    }

    [Fact]
    public async Task What_comes_from_outside_never_becomes_markup_or_code()
    {
        await using Loopback server = Serve();
        foreach (string path in Files.Where(f => f.EndsWith(".js", StringComparison.Ordinal)))
        {
            string text = await server.Http.GetStringAsync(path);
            foreach (string dangerous in (string[])["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "srcdoc"])
            {
                Assert.DoesNotContain(dangerous, text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_policy_allows_no_code_within_the_page_and_the_page_has_none()
    {
        await using Loopback server = Serve();
        using HttpResponseMessage answer = await server.Http.GetAsync("/");
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        string page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotMatch("<script(?![^>]*src=)|<style|\\son[a-z]+=|style=", page);
    }

    [Fact]
    public async Task Each_file_comes_packed_to_who_takes_it_and_is_the_same()
    {
        await using Loopback server = Serve();
        foreach (string path in Files)
        {
            byte[] plain = await server.Http.GetByteArrayAsync(path);
            using HttpRequestMessage request = new(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "br, gzip");
            using HttpResponseMessage answer = await server.Http.SendAsync(request);
            Assert.Equal("gzip", Assert.Single(answer.Content.Headers.ContentEncoding));
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
            using MemoryStream unpacked = new();
            await using (GZipStream gzip = new(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress))
            {
                await gzip.CopyToAsync(unpacked);
            }

            Assert.Equal(plain, unpacked.ToArray());
        }
    }

    [Theory]
    [InlineData("gzip;q=0", false)]
    [InlineData("deflate, gzip;q=0.0", false)]
    [InlineData("gzip;q=0.4", true)]
    [InlineData("xgzip", false)]
    [InlineData("GZIP", true)]
    public async Task Packing_is_refused_as_RFC_9110_says(string accepts, bool isPacked)
    {
        await using Loopback server = Serve();
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        using HttpResponseMessage answer = await server.Http.SendAsync(request);
        Assert.Equal(isPacked, answer.Content.Headers.ContentEncoding.Count == 1);
    }

    [Fact]
    public async Task A_browser_that_has_a_file_is_told_so()
    {
        await using Loopback server = Serve();
        using HttpResponseMessage first = await server.Http.GetAsync("/page/main.js");
        string tag = first.Headers.ETag!.ToString();
        foreach ((string have, HttpStatusCode status) in ((string, HttpStatusCode)[])
            [(tag, HttpStatusCode.NotModified), ("\"x\", W/" + tag, HttpStatusCode.NotModified), ("*", HttpStatusCode.NotModified), ("\"other\"", HttpStatusCode.OK)])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "/page/main.js");
            request.Headers.TryAddWithoutValidation("If-None-Match", have);
            using HttpResponseMessage answer = await server.Http.SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(status == HttpStatusCode.OK, (await answer.Content.ReadAsByteArrayAsync()).Length > 0);
        }
    }

    [Fact]
    public async Task A_head_request_gets_the_same_head_and_no_body()
    {
        await using Loopback server = Serve();
        string answer = await server.SendRawAsync(Encoding.ASCII.GetBytes("HEAD /page/page.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Matches(@"Content-Length: [1-9]\d{3,}", answer);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }
}
