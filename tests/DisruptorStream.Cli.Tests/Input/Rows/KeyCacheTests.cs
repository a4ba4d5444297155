using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Input.Rows;

namespace DisruptorStream.Cli.Tests.Input.Rows;

public sealed unsafe class KeyCacheTests
{
    private static readonly PaddedText Padded = new();

    /// <summary>Each key has one id, of whatever length it is, also when the table has grown and was emptied.</summary>
    [Theory]
    [InlineData(500, 2000)]
    [InlineData(300_000, 600_000)]
    public void TryFind_ManyKeys_GivesEachItsOwn(int keys, int lookUps)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var cache = new KeyCache((bytes, length) =>
        {
            var text = Encoding.UTF8.GetString(bytes, 0, length);
            if (!ids.TryGetValue(text, out var id))
                ids[text] = id = ids.Count;
            return id;
        });
        var random = new Random(keys);
        for (var number = 0; number < lookUps; number++)
        {
            var key = random.Next(keys).ToString(CultureInfo.InvariantCulture);
            var text = (key.Length % 3) switch
            {
                0 => key,
                1 => "a longer key, number " + key,
                _ => "sixteen bytes" + key,
            };
            var padded = Padded.Set(Encoding.UTF8.GetBytes(text), (byte)(random.Next(2) * 'x'));
            if (!cache.TryFind(padded.First, padded.Length, out var id))
                id = cache.Add(padded.First, padded.Length);
            if (ids[text] != id)
                Assert.Fail($"{text} has {id}, and should have {ids[text]}.");
        }
    }

    [Fact]
    public void TryFind_LengthsAndZeros_AreOfTheKey()
    {
        var next = 0;
        var cache = new KeyCache((_, _) => next++);
        string[] keys = ["", "\0", "\0\0", "a", "a\0", "12345678", "12345678\0", "1234567890123456", "x\0y"];
        foreach (var key in keys)
        {
            var padded = Padded.Set(Encoding.UTF8.GetBytes(key), (byte)'\0');
            Assert.False(cache.TryFind(padded.First, padded.Length, out _));
            var id = cache.Add(padded.First, padded.Length);
            Assert.True(cache.TryFind(padded.First, padded.Length, out var found));
            Assert.Equal(id, found);
        }
    }
}
