using System;
using System.IO;
using System.Linq;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>The parts of the client that are functions of their input, with good, bad and random input.</summary>
public class SmallPartsTests
{
    [Theory]
    [InlineData(0, 0.5, 0)]
    [InlineData(-3, 0.5, 0)]
    [InlineData(1, 0.5, 10)]
    [InlineData(2, 0.5, 40)]
    [InlineData(10, 0.5, 1000)]
    [InlineData(10, 0.0, 500)]
    [InlineData(10, 1.0, 1500)]
    [InlineData(54, 0.5, 29160)]
    [InlineData(55, 0.5, 30000)]
    [InlineData(int.MaxValue, 0.5, 30000)]
    [InlineData(1000, 1.0, 45000)]
    public void Waits_grow_with_the_square_of_the_failures_up_to_half_a_minute(int failures, double random, int milliseconds) =>
        Assert.Equal(milliseconds, Backoff.Next(failures, random).TotalMilliseconds, 3);

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0.1)]
    [InlineData("3600", 3600)]
    [InlineData("3601", 7.5)]
    [InlineData("-1", 7.5)]
    [InlineData("soon", 7.5)]
    [InlineData(null, 7.5)]
    [InlineData("Mon, 23 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Mon, 23 Nov 2026 11:00:30 GMT", 7.5)]
    public void A_wait_is_read_as_seconds_or_date_and_nonsense_is_five_to_ten_seconds(string? header, double seconds) => Assert.Equal(
        seconds,
        RetryAfter.Read(RetryConditionHeaderValue.TryParse(header, out RetryConditionHeaderValue? value) ? value : null, new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero), 0.5).TotalSeconds);

    const string Claim = "K7QD-9ZPM-4XWT-2HNB-6VRC-8J3F";

    [Theory]
    [InlineData("auth-key-used: The auth key was already used. Next: Create a new one.", Claim, "auth-key-used")]
    [InlineData("authkey already used", "hskey-auth-abcdefghijkl-0123456789", "auth-key-used")]
    [InlineData("authkey expired", "hskey-auth-abcdefghijkl-0123456789", "auth-key-expired")]
    [InlineData("auth-key-expired: The auth key expired at 2026-01-01. Next: x", Claim, "auth-key-expired")]
    [InlineData("AuthKey not found", "deadbeefdeadbeef", "auth-key-unknown")]
    [InlineData("invalid pre auth key", "deadbeefdeadbeef", "auth-key-unknown")]
    [InlineData("auth-key-malformed: x", Claim, "auth-key-malformed")]
    [InlineData("failed to parse auth-key", "x!", "auth-key-malformed")]
    [InlineData("auth-key-needed: x", null, "auth-key-needed")]
    [InlineData("requested tags [tag:x] are invalid or not permitted", Claim, "tags-not-permitted")]
    [InlineData("node key belongs to another machine", null, "node-key-taken")]
    [InlineData("the moon is full", Claim, "registration-refused")]
    [InlineData("node expired", null, "registration-refused")]
    public void The_words_of_a_refusal_become_a_fault(string error, string? key, string code)
    {
        FaultReport report = RegisterRefusal.Explain(new Uri("http://127.0.0.1:8080"), error, key);
        Assert.Equal(code, report.Fault.Code);
        Assert.NotEmpty(report.Next);
        Assert.DoesNotContain("{0}", report.ToString());
    }

    [Theory]
    [InlineData("no key K7QD-9ZPM-4XWT-2HNB-6VRC-8J3F here")]
    [InlineData("no key k7qd9zpm4xwt2hnb6vrc8j3f here")]
    [InlineData("no key K7QD-9ZPM here")]
    [InlineData("no key \"XWT2HNB\" here")]
    [InlineData("no key=K7QD-9ZPM-4XWT-2HNB-6VRC-8J3F, here")]
    public void No_part_of_the_key_is_ever_told(string error)
    {
        string told = RegisterRefusal.Explain(new Uri("http://h"), error, Claim).ToString();
        Assert.Contains("[redacted]", told);
        Assert.Contains("here", told);
        string bare = told.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
        string secret = Claim.Replace("-", "", StringComparison.Ordinal);
        Assert.DoesNotContain(Enumerable.Range(0, secret.Length - 5), i => bare.Contains(secret.Substring(i, 5)));
    }

    [Fact]
    public void A_refusal_is_one_printable_line_of_bounded_length()
    {
        string told = RegisterRefusal.Explain(new Uri("http://h"), "a\u001b[31m\r\n\u202eb" + new string('x', 5000), null).Message;
        Assert.DoesNotContain(told, c => char.IsControl(c) || c == '\u202e');
        Assert.InRange(told.Length, 1, 300);
    }

    [Theory]
    [InlineData("GET /echo HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nA: b\r\n\r\nxyz", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nxyz")]
    [InlineData("GET /debug/goroutines HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\nContent-Length: 16\r\n\r\nunknown c2n path")]
    [InlineData("GET /echo HTTP/1.1\r\n", "HTTP/1.1 400 Bad Request\r\nContent-Length: 13\r\n\r\nnot a request")]
    [InlineData("hello", "HTTP/1.1 400 Bad Request\r\nContent-Length: 13\r\n\r\nnot a request")]
    [InlineData("", "HTTP/1.1 400 Bad Request\r\nContent-Length: 13\r\n\r\nnot a request")]
    public void The_coordinators_own_requests_are_echoed_or_refused(string request, string response) =>
        Assert.Equal(response, Encoding.ASCII.GetString(C2nRequest.Answer(Encoding.ASCII.GetBytes(request))));

    [Fact]
    public void Random_requests_never_throw()
    {
        Random random = new(5);
        byte[] request = "POST /echo HTTP/1.1\r\nA: b\r\n\r\nxyz"u8.ToArray();
        for (int i = 0; i < 8_000; i++)
        {
            byte[] r = Flip(request, random);
            Assert.NotEmpty(C2nRequest.Answer(r));
        }
    }

    static byte[] Flip(byte[] valid, Random random)
    {
        byte[] bytes = [.. valid];
        for (int flips = random.Next(1, 4); flips > 0; flips--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }
}
