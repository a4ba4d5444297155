namespace DisruptorStream.Crash.Processes;

/// <summary>Counts what passed and what failed, and says what was wrong. Any thread.</summary>
internal sealed class Tally
{
    private readonly Lock _gate = new();

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>How many could not be tried.</summary>
    public int Untried { get; private set; }

    /// <param name="name">What could not be tried.</param>
    public void AddUntried(string name)
    {
        lock (_gate)
        {
            Untried++;
            Console.WriteLine($"{name}: not tried");
        }
    }

    /// <param name="name">What was tried.</param>
    /// <param name="problem">What was wrong; empty for nothing.</param>
    public void Add(string name, string problem)
    {
        lock (_gate)
        {
            if (problem.Length == 0)
                Passed++;
            else
                Failed++;
            Console.WriteLine(problem.Length == 0 ? $"{name}: right" : $"{name}: WRONG: {problem}");
        }
    }
}
