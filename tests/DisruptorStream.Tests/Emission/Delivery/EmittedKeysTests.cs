using DisruptorStream.Emission.Delivery;
using DisruptorStream.State;

namespace DisruptorStream.Tests.Emission.Delivery;

public sealed class EmittedKeysTests
{
    [Fact]
    public void CopyKeys_AnyIds_AsksForEachOnce()
    {
        var source = new NumberedKeys();
        var keys = new EmittedKeys<string>(source);
        var copies = new string[3];

        keys.CopyKeys([3, 200, 100_000], copies);
        keys.CopyKeys([3, 200, 100_000], copies);

        Assert.Equal(["3.0", "200.0", "100000.0"], copies);
        Assert.Equal("200.0", keys.KeyOf(200));
        Assert.Equal(3, source.Asked);
    }

    [Fact]
    public void Forget_AnIdThatIsGivenToAnotherKey_NamesTheOtherOneFromThenOn()
    {
        var source = new NumberedKeys();
        var keys = new EmittedKeys<string>(source);
        Assert.Equal(("63.0", "64.0"), (keys.KeyOf(63), keys.KeyOf(64)));

        source.Generation = 1;
        keys.Forget(64);
        keys.Forget(1_000_000);

        Assert.Equal(("63.0", "64.1"), (keys.KeyOf(63), keys.KeyOf(64)));
    }

    private sealed class NumberedKeys : IKeySource<string>
    {
        public int Generation { get; set; }

        public int Asked { get; private set; }

        public string KeyOf(int keyId)
        {
            Asked++;
            return $"{keyId}.{Generation}";
        }

        public void CopyKeys(ReadOnlySpan<int> keyIds, Span<string> keys) => throw new NotSupportedException();
    }
}
