namespace LlmGateway.Demo;

/// <summary>Who calls in the demo: a few users are at work at a time, and others take their places.</summary>
/// <remarks>One thread.</remarks>
internal sealed class Users
{
    private const int AtWork = 9;

    private static readonly string[] Tenants = ["acme", "bolt", "cirrus"];
    private static readonly string[] Names =
    [
        "ann", "bob", "cid", "dee", "eve", "fay", "gus", "hal", "ida", "jon", "kim", "lea", "max", "nia",
    ];

    private readonly (string Tenant, string User, TimeSpan Until)[] _users =
        new (string Tenant, string User, TimeSpan Until)[AtWork];

    /// <summary>Somebody who is at work now.</summary>
    /// <param name="now">Since the demo has begun; never goes back.</param>
    public (string Tenant, string User) Next(TimeSpan now)
    {
        // Some work more than others.
        ref var user = ref _users[Math.Min(Random.Shared.Next(AtWork), Random.Shared.Next(AtWork))];
        if (user.Until <= now)
        {
            user = (
                Tenants[Random.Shared.Next(Tenants.Length)],
                Names[Random.Shared.Next(Names.Length)],
                now + TimeSpan.FromSeconds(10 + Random.Shared.Next(50)));
        }

        return (user.Tenant, user.User);
    }
}
