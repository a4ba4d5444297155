using DisruptorStream.Simulation.Rounds;

namespace DisruptorStream.Tests.Sources;

/// <summary>Sources that seek, on a simulated disk: each event is in once, wherever processes end.</summary>
public sealed class SourceRoundTests
{
    [Fact]
    public void Run_ManySeeds_EachEventIsInOnce()
    {
        var results = 0;
        for (var seed = 0; seed < 60; seed++)
            results += SourceRound.Run(seed);

        Assert.True(results > 1_000, $"There were only {results} results.");
    }
}
