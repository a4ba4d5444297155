using System.Globalization;
using DisruptorStream.Emission;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>As <see cref="DigestSink"/>, for keys that are numbers written as text.</summary>
internal sealed class TextDigestSink : IResultSink<string>
{
    public ResultDigest Digest { get; private set; } = new();

    /// <summary>Forgets what came so far.</summary>
    public void StartOver() => Digest = new ResultDigest();

    public void OnResults(ResultBatch<string> batch)
    {
        foreach (var result in batch)
        {
            var values = result.RawValues;
            Digest.Add(
                result.Window.EndTicks / TimeSpan.TicksPerMillisecond,
                int.Parse(result.Key, CultureInfo.InvariantCulture),
                values[0],
                BitConverter.Int64BitsToDouble(values[1]),
                BitConverter.Int64BitsToDouble(values[2]),
                BitConverter.Int64BitsToDouble(values[3]));
        }
    }
}
