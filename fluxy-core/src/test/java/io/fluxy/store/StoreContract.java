package io.fluxy.store;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** What every store must do. Extend it, give it a store, and say whether it can be opened again. */
public abstract class StoreContract {
  Store store;

  /** A suite for one store. */
  protected StoreContract() {}

  /** A store with nothing in it. */
  protected abstract Store newStore() throws Exception;

  /**
   * Another store on what {@link #newStore()} made, opened while that is still open; empty if it
   * cannot be.
   */
  protected Optional<Store> second() throws Exception {
    return Optional.empty();
  }

  /**
   * The store on what {@link #newStore()} made, which has been closed; empty if nothing outlives a
   * close.
   */
  protected Optional<Store> reopened() throws Exception {
    return Optional.empty();
  }

  @BeforeEach
  void openTheStore() throws Exception {
    store = newStore();
  }

  @AfterEach
  void closeTheStore() {
    store.close();
  }

  @Nested
  class OfProjects extends ProjectsContract {
    OfProjects() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfRooms extends RoomsContract {
    OfRooms() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfTenants extends TenantsContract {
    OfTenants() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfTheLog extends LogContract {
    OfTheLog() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfMessages extends MessagesContract {
    OfMessages() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfStreams extends StreamsContract {
    OfStreams() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfManyWriters extends WritersContract {
    OfManyWriters() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfNotes extends NotesContract {
    OfNotes() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfModeration extends ModerationContract {
    OfModeration() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfWebhooks extends WebhooksContract {
    OfWebhooks() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfAgents extends AgentsContract {
    OfAgents() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfTemplates extends TemplatesContract {
    OfTemplates() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfSearch extends SearchContract {
    OfSearch() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfPurging extends PurgeContract {
    OfPurging() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfThreads extends ThreadsContract {
    OfThreads() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfAttachments extends AttachmentsContract {
    OfAttachments() {
      super(StoreContract.this);
    }
  }

  @Nested
  class OfClosing extends ClosingContract {
    OfClosing() {
      super(StoreContract.this);
    }
  }
}
