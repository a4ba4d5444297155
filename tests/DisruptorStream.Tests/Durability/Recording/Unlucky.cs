using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>A sink that fails at a result.</summary>
internal sealed class Unlucky : IResultSink<string>
{
    private readonly long _number;

    public Unlucky(long number) => _number = number;

    public void OnResults(ResultBatch<string> batch)
    {
        foreach (var result in batch)
        {
            if (result.Number == _number)
                throw new InvalidOperationException($"number {_number} of {result.Key} in {result.Window}");
        }
    }
}
