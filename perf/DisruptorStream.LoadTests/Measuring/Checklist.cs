using System.Globalization;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>Collects passes and failures, prints each, and ends with their numbers.</summary>
internal sealed class Checklist
{
    private int _passed;

    public int Failed { get; private set; }

    /// <summary>Whether it counts without printing.</summary>
    public bool IsSilent { get; init; }

    public void Check(string name, bool passes, string detail)
    {
        if (passes)
            _passed++;
        else
            Failed++;
        if (!IsSilent)
            Console.WriteLine($"{(passes ? "ok    " : "FAILED")}  {name}: {detail}");
    }

    /// <summary>Notes what cannot be checked.</summary>
    public void Skip(string name, string why)
    {
        if (!IsSilent)
            Console.WriteLine($"skipped {name}: {why}");
    }

    /// <summary>Checks that a figure is no higher than its limit.</summary>
    public void AtMost(string name, double figure, double limit) => Check(
        name, figure <= limit, string.Create(CultureInfo.InvariantCulture, $"{figure:G4}, at most {limit:G4}"));

    /// <summary>Prints the numbers and returns the exit code.</summary>
    public int Conclude()
    {
        Console.WriteLine($"{_passed} passed, {Failed} failed");
        return Failed == 0 ? 0 : 1;
    }
}
