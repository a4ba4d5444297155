using DisruptorStream.Emission;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>Digests what the engine emits as the loops digest what is theirs.</summary>
/// <typeparam name="TKey">Text or number.</typeparam>
internal sealed class CallDigest<TKey> : IResultSink<TKey>
    where TKey : notnull
{
    private readonly Func<TKey, int> _numberOf;

    public CallDigest(Func<TKey, int> numberOf) => _numberOf = numberOf;

    public ResultDigest Digest { get; private set; } = new();

    /// <summary>Forgets what came so far.</summary>
    public void StartOver() => Digest = new ResultDigest();

    public void OnResults(ResultBatch<TKey> batch)
    {
        foreach (var result in batch)
        {
            var values = result.RawValues;
            Digest.Add(
                result.Window.EndTicks / TimeSpan.TicksPerMillisecond,
                _numberOf(result.Key),
                values[0],
                BitConverter.Int64BitsToDouble(values[1]),
                BitConverter.Int64BitsToDouble(values[2]),
                BitConverter.Int64BitsToDouble(values[3]));
        }
    }
}
