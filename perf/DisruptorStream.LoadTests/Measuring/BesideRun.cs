using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>A workload that runs in another one's turns, so that the share of the two rates means something.</summary>
internal sealed class BesideRun
{
    private readonly Workload _work;
    private readonly InputEvent[] _input;

    public BesideRun(Workload work, int events)
    {
        _work = work;
        _input = work.Generate(events);
    }

    public Contestant Contestant(ExecutionMode mode) =>
        new() { Name = mode.ToString(), Run = new EngineRun(_work, _input, mode).Run };

    /// <summary>Whether its results are those of its own loop.</summary>
    public bool Agrees(IReadOnlyList<Contestant> contestants)
    {
        var expected = LimitRun.Run(LimitRun.Of(_work)[0].New, _input);
        return contestants.All(one => one.Laps.All(
            lap => lap.Results == expected.Results && lap.Digest == expected.Digest));
    }
}
