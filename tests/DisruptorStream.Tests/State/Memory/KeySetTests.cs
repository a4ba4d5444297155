using CsCheck;
using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

public sealed class KeySetTests
{
    [Fact]
    public void Set_RandomKeys_EqualsASortedSet() =>
        Gen.Select(Gen.Int[0, 5000].Array[0, 80], Gen.Int[0, 5000].Array[0, 80]).Sample((first, second) =>
        {
            var (one, other) = (new KeySet(), new KeySet());
            foreach (var key in first)
                one.Add(key);
            foreach (var key in second)
                other.Add(key);
            one.UnionInto(other);

            Assert.Equal(first.Concat(second).Distinct().Order(), KeysOf(other));
            Assert.Equal(first.Distinct().Order(), KeysOf(one));
            other.Clear();
            Assert.Empty(KeysOf(other));
        });

    private static List<int> KeysOf(KeySet set)
    {
        var keys = new List<int>();
        for (var key = set.NextKey(0); key >= 0; key = set.NextKey(key + 1))
        {
            Assert.True(set.Contains(key));
            keys.Add(key);
        }

        return keys;
    }
}
