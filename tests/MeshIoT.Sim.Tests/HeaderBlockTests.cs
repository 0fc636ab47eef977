using System;
using System.IO;
using System.Text;
using Xunit;

namespace MeshIoT.Sim.Tests;

/// <summary>The little of HPACK that the simulator speaks. RFC 7541.</summary>
public class HeaderBlockTests
{
    [Theory]
    [InlineData("88", 200, 0)]                                          // indexed
    [InlineData("8d", 404, 0)]
    [InlineData("0803343239", 429, 0)]                                  // literal 429, name indexed
    [InlineData("4803353033" + "0f26023132", 503, 12)]                  // literal 503; retry-after: 12
    [InlineData("20" + "88" + "0f0d0131", 200, 0)]                      // a table size update; content-length: 1
    [InlineData("88" + "00036162630178", 200, 0)]                       // abc: x
    [InlineData("88" + "0f26823132", 200, 0)]                           // a Huffman value is passed over
    public void Status_and_retry_after_are_read(string hex, int status, int retryAfter) =>
        Assert.Equal((status, retryAfter), HeaderBlock.Read(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("08")]
    [InlineData("0805")]
    [InlineData("08053432")]
    [InlineData("ff")]
    [InlineData("ffffffffffffff")]
    public void A_cut_or_impossible_block_is_a_fault(string hex) =>
        Assert.Throws<InvalidDataException>(() => HeaderBlock.Read(Convert.FromHexString(hex)));

    [Fact]
    public void A_request_has_its_four_pseudo_fields_and_its_length()
    {
        byte[] output = new byte[100];
        int length = HeaderBlock.WritePost("/machine/map", 321, output);
        Assert.Equal("8387" + "0106" + Hex("unused") + "040c" + Hex("/machine/map") + "0f0d03" + Hex("321"), Convert.ToHexStringLower(output, 0, length));

        static string Hex(string text) => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text));
    }

    [Fact]
    public void Random_blocks_end_in_a_fault_or_in_a_status()
    {
        Random random = new(6);
        for (int i = 0; i < 5000; i++)
        {
            byte[] block = new byte[random.Next(40)];
            random.NextBytes(block);
            try
            {
                HeaderBlock.Read(block);
            }
            catch (InvalidDataException)
            {
            }
        }
    }
}
