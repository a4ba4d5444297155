namespace DisruptorStream.Saving;

/// <summary>
/// What must hold between two slots. Builds for debugging check it whenever state is saved or loaded.
/// </summary>
internal static class Invariant
{
    /// <param name="holds">Whether it holds.</param>
    /// <param name="what">What, as a sentence.</param>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(
                $"The state contradicts itself, which is a fault of the engine; report it. Expected: {what}");
        }
    }
}
