package jane.notebook;

import jane.notebook.magic.MagicRegistry;
import jane.notebook.magics.ChartMagic;
import jane.notebook.magics.GraphMagic;
import jane.notebook.magics.JaneMagic;
import jane.notebook.magics.LayerMagic;
import jane.notebook.magics.ListMagic;
import jane.notebook.magics.MilMagic;
import jane.notebook.magics.PassesMagic;
import jane.notebook.magics.PlaceMagic;
import jane.notebook.magics.ProfileMagic;
import jane.notebook.magics.SeedMagic;
import jane.notebook.magics.StepMagic;
import jane.notebook.magics.Subjects;
import jane.notebook.magics.SummaryMagic;
import jane.notebook.magics.TensorMagic;
import jane.notebook.magics.TrainMagic;

/** The one list of Jane's magics. */
public final class Magics {
    private Magics() {}

    /**
     * Adds every magic to a session.
     *
     * @param workspace what the session keeps by name; the host calls its {@code remember} after
     *     each cell
     */
    public static void register(MagicRegistry registry, Notebook notebook, Workspace workspace) {
        var subjects = new Subjects(notebook, workspace);
        registry.register(new JaneMagic(workspace, notebook.host()));
        registry.register(new ListMagic(registry));
        registry.register(new SeedMagic());
        registry.register(new TensorMagic(notebook, subjects));
        registry.register(new LayerMagic(notebook));
        registry.register(new SummaryMagic(subjects));
        registry.register(new StepMagic(notebook, subjects));
        registry.register(new TrainMagic(notebook, subjects));
        registry.register(new ChartMagic(subjects));
        registry.register(new MilMagic(subjects));
        registry.register(new PlaceMagic(subjects));
        registry.register(new PassesMagic(subjects));
        registry.register(new ProfileMagic(notebook, subjects));
        registry.register(new GraphMagic(subjects));
    }
}
