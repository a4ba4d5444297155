namespace DisruptorStream.LoadTests.Workloads;

/// <summary>Keys of which the n-th is 1/n as frequent as the first.</summary>
internal sealed class ZipfKeys
{
    private readonly uint[] _upTo;

    public ZipfKeys(int keys)
    {
        _upTo = new uint[keys];
        var total = 0.0;
        for (var key = 1; key <= keys; key++)
            total += 1.0 / key;
        var sum = 0.0;
        for (var key = 0; key < keys; key++)
        {
            sum += 1.0 / (key + 1);
            _upTo[key] = (uint)Math.Min(uint.MaxValue, sum / total * uint.MaxValue);
        }
    }

    public int Pick(uint random)
    {
        var found = _upTo.AsSpan().BinarySearch(random);
        return Math.Min(found < 0 ? ~found : found, _upTo.Length - 1);
    }
}
