using System.Globalization;
using DisruptorStream.Simulation.Sinks;

namespace DisruptorStream.Simulation.Rounds;

/// <summary>A durable sink that breaks a clause of its contract is found by some rounds of processors.</summary>
internal static class SinkRound
{
    private const int MostSeeds = 60;

    /// <summary>Looks for a seed that shows the fault.</summary>
    /// <returns>What was seen.</returns>
    /// <exception cref="RoundException">No seed shows it.</exception>
    public static string Find(SinkFault fault, int first)
    {
        for (var seed = first; seed < first + MostSeeds; seed++)
        {
            try
            {
                ProcessorRound.Run(seed, fault);
            }
            catch (Exception found)
            {
                return string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {found.Message}");
            }
        }

        throw new RoundException($"None of {MostSeeds} seeds shows that the sink has the fault {fault}.");
    }
}
